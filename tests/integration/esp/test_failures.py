"""Whatever a provider answers, it is one of three failures, and none holds an email."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import create_server
from time import monotonic
from typing import Final, TypeAlias

import pytest

from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.domain.esp import (
    EspAnswer,
    EspMisconfigured,
    EspOutage,
    EspRateLimited,
    EspState,
    EspUnavailable,
)
from tests.esp.modes import Mode
from tests.esp.server import KINDS, EspServer

EMAIL: Final = "ann+secret@example.com"
SHORT: Final = 0.3
OUTAGES: Final = (
    Mode.FAILS,
    Mode.GARBAGE,
    Mode.HTML,
    Mode.HUGE,
    Mode.ODD,
    Mode.RESET,
    Mode.REDIRECTS,
)
Question: TypeAlias = Callable[[EmailProvider, str], Awaitable[object]]


async def ensure(provider: EmailProvider, email: str) -> object:
    """Ask the one question."""
    return await provider.ensure_contact(email)


async def find(provider: EmailProvider, email: str) -> object:
    """Ask the other."""
    return await provider.find(email)


async def failure(provider: EmailProvider, ask: Question) -> EspUnavailable:
    """Return the failure that must come of asking; nothing of it names the email."""
    with pytest.raises(EspUnavailable) as caught:
        await ask(provider, EMAIL)
    told = "".join(traceback.format_exception(caught.value))
    assert "secret" not in told
    return caught.value


@pytest.mark.parametrize("ask", [ensure, find])
@pytest.mark.parametrize("mode", OUTAGES)
async def test_nonsense_is_an_outage(esp: EspServer, mode: Mode, ask: Question) -> None:
    """Nothing of it is believed or followed, and the next good answer counts."""
    async with esp.opened() as provider:
        esp.mode = mode
        found = await failure(provider, ask)
        esp.mode = Mode.OK
        answer = await provider.ensure_contact(EMAIL)

    assert isinstance(found, EspOutage), found
    assert answer == EspAnswer(EspState.CREATED)
    assert not esp.canary


@pytest.mark.parametrize("ask", [ensure, find])
@pytest.mark.parametrize("mode", [Mode.HANGS, Mode.HANGS_MIDWAY])
async def test_a_hang_ends_in_time(esp: EspServer, mode: Mode, ask: Question) -> None:
    """Before the headers and within the body."""
    esp.mode = mode
    async with esp.opened(SHORT) as provider:
        started = monotonic()
        found = await failure(provider, ask)
        took = monotonic() - started

    assert isinstance(found, EspOutage)
    assert took >= SHORT * 0.9


async def test_whoever_stops_waiting_is_obeyed(esp: EspServer) -> None:
    """A caller's own limit is a cancellation, not an answer."""
    esp.mode = Mode.HANGS
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


async def test_a_limit_is_kept(esp: EspServer) -> None:
    """Retry-After reaches the caller, and until then this process asks nothing."""
    esp.mode = Mode.LIMITED
    esp.headers = {"Retry-After": "70"}
    async with esp.opened() as provider:
        first = await failure(provider, ensure)
        esp.mode = Mode.OK
        second = await failure(provider, find)

    for found in (first, second):
        assert isinstance(found, EspRateLimited)
        assert 1 <= found.retry_after <= 70
    assert (first.retry_after, esp.calls) == (70, 1)


async def test_a_limit_ends(esp: EspServer) -> None:
    """Without a time it lasts a second."""
    esp.mode = Mode.LIMITED
    async with esp.opened() as provider:
        found = await failure(provider, ensure)
        esp.mode = Mode.OK
        await asyncio.sleep(found.retry_after)
        answer = await provider.ensure_contact(EMAIL)

    assert found.retry_after == 1
    assert answer.state is EspState.CREATED


async def test_an_outage_may_tell_when_it_ends(esp: EspServer) -> None:
    """As a date, too (RFC 9110, 10.2.3)."""
    end = datetime.now(UTC) + timedelta(seconds=600)
    esp.mode = Mode.FAILS
    esp.headers = {"Retry-After": format_datetime(end, usegmt=True)}
    async with esp.opened() as provider:
        found = await failure(provider, ensure)

    assert isinstance(found, EspOutage)
    assert 500 < found.retry_after <= 600


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
