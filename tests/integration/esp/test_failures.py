"""Whatever a provider answers, it is one of three failures, and none holds an email."""

import asyncio
from socket import create_server
from time import monotonic
from typing import Final

import pytest

from prilavok.clients.email_provider.opening import open_provider
from prilavok.domain.esp import EspAnswer, EspMisconfigured, EspOutage, EspState
from tests.esp.modes import Mode
from tests.esp.server import KINDS, EspServer
from tests.integration.esp.questions import EMAIL, Question, ensure, failure, find

SHORT: Final = 0.15
OUTAGES: Final = (
    Mode.FAILS,
    Mode.GARBAGE,
    Mode.HTML,
    Mode.HUGE,
    Mode.ODD,
    Mode.RESET,
    Mode.REDIRECTS,
)


@pytest.mark.parametrize("ask", [ensure, find])
@pytest.mark.parametrize("mode", OUTAGES)
async def test_nonsense_is_an_outage(esp: EspServer, mode: Mode, ask: Question) -> None:
    """Nothing of it is believed or followed, and the next good answer counts."""
    async with esp.opened() as provider:
        esp.turn(mode)
        found = await failure(provider, ask)
        esp.turn(Mode.OK)
        answer = await provider.ensure_contact(EMAIL)

    assert isinstance(found, EspOutage), found
    assert answer == EspAnswer(EspState.CREATED)
    assert not esp.canary


@pytest.mark.parametrize("ask", [ensure, find])
@pytest.mark.parametrize("mode", [Mode.HANGS, Mode.HANGS_MIDWAY])
async def test_a_hang_ends_in_time(esp: EspServer, mode: Mode, ask: Question) -> None:
    """Before the headers and within the body."""
    esp.turn(mode)
    async with esp.opened(SHORT) as provider:
        started = monotonic()
        found = await failure(provider, ask)
        took = monotonic() - started

    assert isinstance(found, EspOutage)
    assert took >= SHORT * 0.9


async def test_whoever_stops_waiting_is_obeyed(esp: EspServer) -> None:
    """A caller's own limit is a cancellation, not an answer."""
    esp.turn(Mode.HANGS)
    async with esp.opened() as provider:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SHORT):
                await provider.ensure_contact(EMAIL)


@pytest.mark.parametrize("ask", [ensure, find])
async def test_wrong_credentials_are_told_apart(esp: EspServer, ask: Question) -> None:
    """Nothing is made of them, and no email is refused for them."""
    async with esp.opened(token="wrong") as provider:
        found = await failure(provider, ask)

    assert isinstance(found, EspMisconfigured)
    assert "wrong" not in str(found)
    assert not esp.ledger.made


@pytest.mark.parametrize("name", KINDS)
async def test_nobody_there_is_an_outage(name: str) -> None:
    """A closed port, and a name that leads nowhere."""
    kind = KINDS[name]
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://nowhere.invalid/"):
        opened = open_provider(
            name,
            url,
            kind.user,
            kind.token,
            kind.contact_list,
            5,
        )
        async with opened as provider:
            assert isinstance(await failure(provider, ensure), EspOutage)


@pytest.mark.parametrize("name", KINDS)
async def test_a_wrong_address_is_the_operators_business(name: str) -> None:
    """What is there is somebody else's server: it must not cost one email."""
    async with EspServer(name).listening() as esp:
        esp.url = f"{esp.url}/somewhere-else"
        async with esp.opened() as provider:
            found = await failure(provider, ensure)

    assert isinstance(found, EspMisconfigured)
