"""When a provider says how long to leave it alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from prilavok.domain.esp import EspOutage, EspRateLimited, EspState
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.integration.esp.questions import EMAIL, ensure, failure, find


async def test_a_limit_is_kept(esp: EspServer) -> None:
    """Retry-After reaches the caller, and until then this process asks nothing."""
    esp.turn(Mode.LIMITED, Retry_After="70")
    async with esp.opened() as provider:
        first = await failure(provider, ensure)
        esp.turn(Mode.OK)
        second = await failure(provider, find)

    for found in (first, second):
        assert isinstance(found, EspRateLimited)
        assert 1 <= found.retry_after <= 70
    assert (first.retry_after, esp.calls) == (70, 1)


async def test_a_limit_ends() -> None:
    """Without a time it lasts a second; all adapters share the clock."""
    async with EspServer("brevo").listening() as esp, esp.opened() as provider:
        esp.turn(Mode.LIMITED)
        found = await failure(provider, ensure)
        esp.turn(Mode.OK)
        await asyncio.sleep(found.retry_after)
        answer = await provider.ensure_contact(EMAIL)

    assert found.retry_after == 1
    assert answer.state is EspState.CREATED


async def test_an_outage_may_tell_when_it_ends(esp: EspServer) -> None:
    """As a date, too (RFC 9110, 10.2.3)."""
    end = datetime.now(UTC) + timedelta(seconds=600)
    esp.turn(Mode.FAILS, Retry_After=format_datetime(end, usegmt=True))
    async with esp.opened() as provider:
        found = await failure(provider, ensure)

    assert isinstance(found, EspOutage)
    assert 500 < found.retry_after <= 600
