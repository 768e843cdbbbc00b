"""Countries change while logs come in and go out: in the end all rows agree."""

from asyncio import gather
from collections.abc import Mapping
from ipaddress import ip_address
from operator import itemgetter
from typing import Final, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.countries import CountrySource
from prilavok.repositories.log_imports.store import LogStore
from tests.country_desk import CountryDesk
from tests.logs.made_up import made_up_log
from tests.logs.stored import empty_tables
from tests.oracle.events import Address, read_events
from tests.oracle.random_logs import ADDRESSES, logs
from tests.shop_logs import KnownCountries

LINES: Final = 2000
LOG: Final = made_up_log(LINES)
# The same visitors come in other years.
PIECES: Final = tuple(
    LOG.replace(b"| 2026-", b"| %d-" % year) for year in range(2026, 2029)
)
VISITORS: Final = sorted(
    {event.address for event in read_events(LOG)},
    key=str,
)
CODES: Final = ("DE", "FR", "US", None)
ROUNDS: Final = 3


def told_by(name: str, shift: int, batch_size: int) -> KnownCountries:
    """Know most visitors, each provider in another country than the next."""
    countries = {
        address: code
        for number, address in enumerate(VISITORS)
        if (code := CODES[(number + shift) % len(CODES)]) is not None
    }
    return KnownCountries(
        countries,
        CountrySource(name, name),
        batch_size=batch_size,
    )


@pytest.fixture
def desk(store: LogStore) -> CountryDesk:
    """Start with empty tables."""
    return CountryDesk(store.engine)


async def come_and_go(desk: CountryDesk, provider: KnownCountries, log: bytes) -> None:
    """Bring a log in, take it out, and bring it in again."""
    await desk.take_out(await desk.bring_in(provider, log))
    await desk.bring_in(provider, log)


async def change_often(desk: CountryDesk, *providers: KnownCountries) -> None:
    """Begin with one provider, go on with another, and look all the time."""
    for _ in range(ROUNDS):
        for provider in providers:
            await desk.service(provider).resolve(seconds=0.05)
            await desk.agrees()


async def test_imports_deletions_and_changes_at_once(desk: CountryDesk) -> None:
    """Whoever looks sees visitors and packed countries agree, at any moment."""
    old, new = told_by("old", 0, 40), told_by("new", 1, 70)
    await gather(
        desk.bring_in(old, PIECES[0]),
        come_and_go(desk, old, PIECES[1]),
        come_and_go(desk, new, PIECES[2]),
        change_often(desk, old, new),
    )
    await desk.service(new).resolve(seconds=60)

    assert (await desk.status(new)).unresolved == 0
    await desk.check(new.countries, *PIECES)


Piece: TypeAlias = tuple[bytes, Mapping[Address, str]]
countries: Final = st.dictionaries(
    st.sampled_from(ADDRESSES).map(ip_address),
    st.sampled_from(("DE", "AT", "US")),
)


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    pieces=st.lists(st.tuples(logs, countries), min_size=1, max_size=3),
    last=countries,
)
async def test_only_the_last_provider_counts(
    desk: CountryDesk,
    owner_engine: AsyncEngine,
    pieces: list[Piece],
    last: Mapping[Address, str],
) -> None:
    """Logs that came with other providers, each half done, count as its own."""
    await empty_tables(owner_engine)
    for number, (log, known) in enumerate(pieces):
        provider = KnownCountries(known, CountrySource(str(number), "earlier"))
        await desk.bring_in(provider, log)
        await desk.service(provider).resolve(seconds=-1)
        await desk.agrees()
    await desk.service(KnownCountries(last)).resolve()
    await desk.check(last, *map(itemgetter(0), pieces))
