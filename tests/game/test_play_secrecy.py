"""No log line holds a mail, whatever goes wrong (docs/game.md)."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.container import Services
from tests.api.calls import ask
from tests.api.log_capture import Log
from tests.api.people import API, ApiClient
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import PLAYS, deliver, play

NAME: Final = "secretive"
MAIL: Final = f"{NAME}@shop.example"


@pytest.fixture
def log() -> Iterator[Log]:
    """Log as in production, into memory."""
    root = logging.getLogger()
    handlers, level = root.handlers.copy(), root.level
    yield Log("json")
    root.handlers = handlers
    root.setLevel(level)


async def test_no_mail_is_logged(
    log: Log,
    admin: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Plays, refusals, outages, deliveries, and what staff do."""
    for mode in (Mode.FAILS, Mode.GARBAGE, Mode.RESET, Mode.LOST, Mode.OK):
        esp.turn(mode)
        await play(admin, f"{mode}.{MAIL}")
        await deliver(services, owner_engine)
    await admin.post(PLAYS, json={"email": f"{NAME}@nowhere"})
    await admin.post(f"{PLAYS}?email={MAIL}", json={"email": MAIL})
    await admin.post(PLAYS, json={"email": f"{NAME}@blocked.example"})
    await ask(admin, "POST /players", {"email": MAIL})
    await ask(admin, "POST /players", {"email": MAIL})
    await admin.get(f"{API}/players?q={NAME}")
    await admin.get(f"{API}/players/{MAIL}")
    lines = log.take()

    assert lines
    assert [line for line in lines if NAME in line] == []
