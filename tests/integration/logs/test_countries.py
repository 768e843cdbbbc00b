"""Countries that are told later, or anew: reports follow, and nobody waits."""

from asyncio import gather
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_address
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.countries.ipinfo import IpinfoCountries
from prilavok.clients.countries.mmdb import MmdbCountries
from prilavok.domain.clock import utc_now
from prilavok.domain.countries import CountryFailure, CountrySource
from prilavok.repositories.log_imports.store import LogStore
from tests.country_desk import CountryDesk
from tests.ipinfo_stub import TOKEN, Always, IpinfoStub, open_stub
from tests.mmdb_files import write_mmdb
from tests.oracle.lines import write_log
from tests.shop_logs import KnownCountries

KNOWN: Final = MappingProxyType(
    {"8.8.8.8": "US", "5.9.0.1": "DE", "2a02:6b8::1": "RU"},
)
BY_ADDRESS: Final = MappingProxyType(
    {ip_address(address): code for address, code in KNOWN.items()},
)
# One visitor is private, and one is nowhere; one comes back on another day.
LOG: Final = write_log(
    "2018-08-01 10:00:00 1 8.8.8.8 /fresh_fish/",
    "2018-08-01 10:00:01 2 5.9.0.1 /fresh_fish/cod/",
    "2018-08-01 10:00:02 3 2a02:6b8::1 /",
    "2018-08-01 10:00:03 4 10.0.0.1 /fresh_fish/",
    "2018-08-02 10:00:04 5 9.9.9.9 /fresh_fish/cod/",
    "2018-08-02 10:00:05 6 8.8.8.8 /fresh_fish/cod/",
)
PUBLIC: Final = ("8.8.8.8", "5.9.0.1", "2a02:6b8::1", "9.9.9.9")
# Far more than a busy machine needs, and less than makes a difference here.
LATENESS: Final = timedelta(seconds=4)
AGE: Final = text("UPDATE country_answers SET answered_at = now() - interval '31 days'")
ANSWERS: Final = text("SELECT count(*) FROM country_answers")
RIPEN: Final = text("UPDATE country_sources SET retry_at = now()")
NOBODYS: Final = KnownCountries({}, CountrySource("nobody", "nobody"))
OTHERS: Final = KnownCountries(
    {ip_address("8.8.8.8"): "CA", ip_address("9.9.9.9"): "CH"},
    CountrySource("others", "others"),
)


@pytest.fixture
def desk(store: LogStore) -> CountryDesk:
    """Start with empty tables."""
    return CountryDesk(store.engine)


@pytest.fixture
async def stub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IpinfoStub]:
    """Stand in for ipinfo."""
    async with open_stub(monkeypatch, KNOWN) as opened:
        yield opened


def asked(stub: IpinfoStub) -> list[str]:
    """Return all addresses that were asked for, as often as they were."""
    return sorted(address for batch in stub.asked for address in batch)


async def count_answers(desk: CountryDesk) -> int:
    """Count the addresses that are kept because they were asked for."""
    async with desk.engine.connect() as connection:
        return int(await connection.scalar(ANSWERS) or 0)


async def test_import_does_not_wait_for_ipinfo(
    desk: CountryDesk,
    stub: IpinfoStub,
) -> None:
    """Countries are unknown until the job has asked, once an address."""
    provider = IpinfoCountries(TOKEN)
    await desk.bring_in(provider, LOG)
    await desk.check({}, LOG)
    waiting = await desk.status(provider)
    not_asked = asked(stub)
    settled = await desk.service(provider).resolve()
    await desk.check(BY_ADDRESS, LOG)
    await desk.check_days(BY_ADDRESS, LOG, "2018-08-02")
    again = await desk.service(provider).resolve()

    assert (waiting.source, waiting.unresolved, not_asked) == ("ipinfo", 4, [])
    assert (settled, again) == (4, 0)
    assert asked(stub) == sorted(PUBLIC)
    today = utc_now().date().isoformat()
    assert await desk.source() == f"ipinfo, answers since {today}"


async def test_what_was_asked_is_known(desk: CountryDesk, stub: IpinfoStub) -> None:
    """An import that comes again finds it; after a month it is asked again."""
    provider = IpinfoCountries(TOKEN)
    first = await desk.bring_in(provider, LOG)
    await desk.service(provider).resolve()
    await desk.take_out(first)
    second = await desk.bring_in(provider, LOG)
    await desk.check(BY_ADDRESS, LOG)
    asked_once = asked(stub)
    await desk.take_out(second)
    async with desk.engine.begin() as connection:
        await connection.execute(AGE)
    await desk.bring_in(provider, LOG)
    kept = await count_answers(desk)
    await desk.service(provider).forget()

    assert (kept, await count_answers(desk)) == (len(PUBLIC), 0)
    assert asked_once == sorted(PUBLIC)
    assert (await desk.status(provider)).unresolved == len(PUBLIC)
    assert await desk.service(provider).resolve() == len(PUBLIC)
    assert len(asked(stub)) == 2 * len(PUBLIC)


@pytest.mark.parametrize(
    ("answer", "failure", "seconds"),
    [
        (Always(429, {}, Retry_After="700"), CountryFailure.QUOTA, 700),
        (Always(429, {}), CountryFailure.QUOTA, 3600),
        (Always(403, {}), CountryFailure.WRONG_TOKEN, 300),
        (Always(500, {}), CountryFailure.OUTAGE, 5),
        (Always(200, {}), CountryFailure.GARBAGE, 60),
    ],
)
async def test_ipinfo_that_fails_is_left_in_peace(
    desk: CountryDesk,
    stub: IpinfoStub,
    answer: Always,
    failure: CountryFailure,
    seconds: int,
) -> None:
    """For a time; then it is asked again, or at once if somebody wants so."""
    provider = IpinfoCountries(TOKEN)
    service = desk.service(provider)
    await desk.bring_in(provider, LOG)
    stub.answer = answer
    before = utc_now()
    tries = [await service.resolve() for _ in range(3)]
    status = await service.get_status()
    requests = len(stub.asked)
    stub.answer = stub.tell
    settled = await service.resolve(is_patient=False)

    assert (tries, requests) == ([0, 0, 0], 1)
    assert (status.failure, status.failures, status.unresolved) == (failure, 1, 4)
    assert status.retry_at is not None
    assert abs(status.retry_at - before - timedelta(seconds=seconds)) < LATENESS
    assert settled == len(PUBLIC)
    assert (await service.get_status()).failure is None
    await desk.check(BY_ADDRESS, LOG)


async def test_another_token_is_tried_at_once(
    desk: CountryDesk,
    stub: IpinfoStub,
) -> None:
    """Whoever starts the service with it need not wait; who starts it again, once."""
    wrong = IpinfoCountries("wrong")
    await desk.bring_in(wrong, LOG)
    refused = await desk.service(wrong).resolve()
    failure = (await desk.status(wrong)).failure
    settled = await desk.service(IpinfoCountries(TOKEN)).resolve()

    assert (refused, failure) == (0, CountryFailure.WRONG_TOKEN)
    assert settled == len(PUBLIC)
    assert (await desk.status(wrong)).failure is None


async def test_failures_in_a_row_wait_longer(
    desk: CountryDesk,
    stub: IpinfoStub,
    owner_engine: AsyncEngine,
) -> None:
    """Up to an hour; a success ends the row."""
    provider = IpinfoCountries(TOKEN)
    service = desk.service(provider)
    await desk.bring_in(provider, LOG)
    stub.answer = Always(500, {})
    waits = []
    for _ in range(12):
        await service.resolve()
        status = await service.get_status()
        assert status.retry_at is not None
        waits.append(round((status.retry_at - utc_now()).total_seconds() / 5))
        async with owner_engine.begin() as connection:
            await connection.execute(RIPEN)
    stub.answer = stub.tell

    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 720
    assert await service.resolve() == len(PUBLIC)
    assert (await service.get_status()).failures == 0


async def test_two_who_ask_at_once_ask_once(
    desk: CountryDesk,
    stub: IpinfoStub,
) -> None:
    """The second leaves it to the first."""
    provider = IpinfoCountries(TOKEN)
    await desk.bring_in(provider, LOG)
    settled = await gather(*(desk.service(provider).resolve() for _ in range(3)))

    assert sorted(settled) == [0, 0, 4]
    assert asked(stub) == sorted(PUBLIC)


async def test_another_provider_tells_everything_anew(
    desk: CountryDesk,
    stub: IpinfoStub,
) -> None:
    """Batch by batch; in between reports know partly the old, partly the new."""
    ours = KnownCountries(BY_ADDRESS, CountrySource("ours", "ours"))
    await desk.bring_in(ours, LOG)
    await desk.check(BY_ADDRESS, LOG)
    begun = await desk.service(OTHERS).resolve(seconds=-1)
    half_way = await desk.status(OTHERS)
    await desk.agrees()
    rest = await desk.service(OTHERS).resolve()
    await desk.check(OTHERS.countries, LOG)
    there = await desk.source()
    back = await desk.service(ours).resolve()
    await desk.check(BY_ADDRESS, LOG)

    assert (begun, half_way.unresolved, rest) == (3, 2, 2)
    assert (half_way.source, there) == ("others", "others")
    assert (back, await desk.source()) == (5, "ours")
    await desk.service(IpinfoCountries(TOKEN)).resolve()
    assert asked(stub) == sorted(PUBLIC)


async def test_new_visitors_are_told_by_who_is_new(desk: CountryDesk) -> None:
    """An import brings its own provider with it; others wait for him."""
    await desk.bring_in(NOBODYS, LOG)
    await desk.bring_in(OTHERS, write_log("2018-08-03 10:00:00 7 9.9.9.10 /"))

    assert await desk.source() == "others"
    assert await desk.service(OTHERS).resolve() == 5
    assert await desk.service(OTHERS).resolve() == 0


async def test_replaced_file_tells_everything_anew(
    desk: CountryDesk,
    tmp_path: Path,
) -> None:
    """Without a restart; a file that is spoilt changes nothing."""
    path = tmp_path / "countries.mmdb"
    write_mmdb(path, KNOWN)
    service = desk.service(MmdbCountries(path))
    await desk.bring_in(service.provider, LOG)
    await desk.check(BY_ADDRESS, LOG)
    write_mmdb(path, {"8.0.0.0/8": "CA", "9.0.0.0/8": "CH"}, "Another")
    settled = await service.resolve()
    await desk.check(OTHERS.countries, LOG)
    path.write_bytes(b"spoilt")

    assert (settled, await service.resolve()) == (5, 0)
    assert (await desk.source()).startswith("Another of 20")


async def test_file_that_is_spoilt_stops_no_import(
    desk: CountryDesk,
    tmp_path: Path,
) -> None:
    """Visitors are unknown until it is there again."""
    path = tmp_path / "countries.mmdb"
    write_mmdb(path, KNOWN)
    service = desk.service(MmdbCountries(path))
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    await desk.bring_in(service.provider, LOG)
    await desk.check({}, LOG)
    settled = await service.resolve()
    status = await service.get_status()
    path.write_bytes(whole)

    assert (settled, status.failure) == (0, CountryFailure.OUTAGE)
    assert await service.resolve(is_patient=False) == 5
    await desk.check(BY_ADDRESS, LOG)
    assert (await desk.source()).endswith("(file)")
    assert await count_answers(desk) == 0


async def test_visitors_of_before_wait(
    desk: CountryDesk,
    owner_engine: AsyncEngine,
) -> None:
    """As after the migration: nobody is known to have told their countries."""
    await desk.bring_in(NOBODYS, LOG)
    async with owner_engine.begin() as connection:
        await connection.execute(text("UPDATE visitors SET country_source_id = 0"))
        await connection.execute(text("TRUNCATE country_sources"))
    status = await desk.status(OTHERS)
    settled = await desk.service(OTHERS).resolve(inf)

    assert (status.source, status.unresolved, settled) == (None, 5, 5)
    await desk.check(OTHERS.countries, LOG)
