"""What an import promises besides its tables."""

from asyncio import CancelledError, create_task, gather, sleep, timeout
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partialmethod
from ipaddress import ip_address
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.domain.countries import country_number
from prilavok.domain.imports import (
    ImportCounts,
    ImportRunning,
    ImportState,
    UnknownImport,
)
from prilavok.domain.shop_logs import Reason, RejectedLine
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.block_writer import open_writer
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.in_order import InOrder
from prilavok.services.log_analytics.known import Horizon, KnownEvents
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.parsed import ParsedBlock
from tests.logs.expected import expected_tables
from tests.logs.importing import Watcher, bring_in, bring_one, in_memory
from tests.logs.made_up import made_up_log
from tests.logs.parsed_log import parse_blocks
from tests.logs.stored import stored_tables

LINES: Final = 4000
LOG: Final = made_up_log(LINES)
CROWD: Final = 40_000
LINE: Final = (
    "shop_api      | 2026-03-01 {:02}:{:02}:{:02} [{:08}] INFO: {} "
    "https://all_to_the_bottom.com/\n"
)
PATIENCE_SECONDS: Final = 30
OTHER_IMPORT: Final = 1000
BAD_DAY: Final = LOG.splitlines()[0].replace(b"2026-02-27", b"2026-02-30")


class Next:
    """Knows which block comes next."""

    def __init__(self, block: ParsedBlock | None) -> None:
        """Take it, or none."""
        self._block = block

    def peek(self) -> ParsedBlock | None:
        """Return it."""
        return self._block

    def read_on(self) -> None:
        """Have no more of them."""


async def test_two_importers_at_once_corrupt_nothing(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Both read the same lines, in opposite orders and small blocks."""
    small = replace(importer, block_bytes=30_000)
    reversed_log = b"".join(reversed(LOG.splitlines(keepends=True)))
    one, other = await gather(bring_in(small, LOG), bring_in(small, reversed_log))

    assert one[0].inserted + other[0].inserted == LINES
    assert one[0].duplicates + other[0].duplicates == LINES
    assert await stored_tables(engine) == expected_tables([LOG])


@pytest.mark.parametrize(
    "spellings",
    [
        ("2001:DB8::1", "2001:db8:0::0:1", "2001:db8::1"),
        ("::ffff:8.8.8.8", "::FFFF:808:808", "8.8.8.8"),
    ],
)
async def test_an_address_in_two_spellings_is_one_visitor(
    importer: Importer,
    engine: AsyncEngine,
    spellings: tuple[str, str, str],
) -> None:
    """In one block, where neither is known, and in a later one."""
    first, second, later = (
        LINE.format(1, 2, number, number, word).encode()
        for number, word in enumerate(spellings)
    )
    await bring_in(importer, first + second, later)

    usual = (LINE.format(1, 2, number, number, spellings[-1]) for number in range(3))
    assert await stored_tables(engine) == expected_tables(["".join(usual).encode()])


async def test_every_line_is_counted_and_rejected_ones_are_shown(
    importer: Importer,
) -> None:
    """Numbers count blank lines; duplicates inside a file are duplicates too."""
    watcher = Watcher()
    first = LOG.splitlines()[0]
    log = b"\n".join((b"", first, b"\0what\xff?", first, b" ", BAD_DAY, b""))
    done = await importer.run(in_memory(log), watcher)

    counts = ImportCounts(len(log), lines=4, inserted=1, duplicates=1, rejected=2)
    assert watcher.counts[-1] == counts
    assert watcher.rejected == [
        RejectedLine(3, Reason.SYNTAX, r"\x00what\xff?"),
        RejectedLine(6, Reason.BAD_DATE, BAD_DAY.decode()),
    ]
    assert (done.lines, done.inserted, done.duplicates, done.rejected) == (4, 1, 1, 2)
    assert (done.state, done.error) == (ImportState.SUCCEEDED, None)


async def count_and_find(
    horizon: Horizon,
    sizes: list[int],
    find_known: Callable[..., Awaitable[KnownEvents]],
    *asked: Any,
) -> KnownEvents:
    """Look a block up, and remember how many events it has."""
    sizes.append(len(asked[-1]))
    return await find_known(horizon, *asked)


@pytest.mark.parametrize("earlier_lines", [50, 80_000])
async def test_a_log_in_no_order_comes_in_like_an_ordered_one(
    importer: Importer,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    earlier_lines: int,
) -> None:
    """With a fifth of its lines twice, in several windows, and many parts of each."""
    monkeypatch.setattr(f"{InOrder.__module__}.EARLIER_LINES", earlier_lines)
    lines = LOG.splitlines(keepends=True)
    mixed = [*lines, *lines[: LINES // 5]]
    Random(0).shuffle(mixed)
    watcher = Watcher()
    small = replace(importer, block_bytes=30_000)
    done = await small.run(in_memory(b"".join(mixed)), watcher)

    assert (done.lines, done.inserted) == (len(mixed), LINES)
    assert 2 < len(watcher.counts) < 10
    assert await stored_tables(engine) == expected_tables([LOG])


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the events of every block that is looked up."""
    sizes: list[int] = []
    spy = partialmethod(count_and_find, sizes, Horizon.find_known)
    monkeypatch.setattr(Horizon, "find_known", spy)
    return sizes


async def test_a_block_is_looked_up_once(
    importer: Importer,
    looked_up: list[int],
) -> None:
    """What is found ahead of its turn holds while nobody else writes."""
    await bring_one(importer, made_up_log(LINES, seed=1))
    looked_up.clear()
    await bring_one(replace(importer, block_bytes=5 * len(LOG)), LOG)

    assert sum(looked_up) == LINES


async def test_what_was_looked_up_ahead_is_forgotten_when_others_write(
    importer: Importer,
    store: LogStore,
    engine: AsyncEngine,
    looked_up: list[int],
) -> None:
    """A block is made ready before its turn; by then all of it may be known."""
    first, second = parse_blocks(LOG, 5 * len(LOG))
    numbering = Numbering(OfflineCountries())
    async with store.session() as session, store.side_reader() as side:
        with open_writer(numbering, importer.horizon, 8, OTHER_IMPORT, side) as writer:
            async with session.by_block() as logs:
                inserted = await writer.write(logs, first, Next(second))
            between = await bring_one(importer, LOG)
            async with session.by_block() as logs:
                again = await writer.write(logs, second, Next(None))

    assert inserted == len(first.events)
    assert between.inserted == len(second.events)
    assert again == 0
    # Aside, in between, and anew; the other import looks all of its lines up.
    assert looked_up.count(len(second.events)) == 3
    assert await stored_tables(engine) == expected_tables([LOG])


async def test_same_log_again_inserts_nothing_and_succeeds(importer: Importer) -> None:
    """Its lines are duplicates."""
    _, again = await bring_in(importer, LOG, LOG)

    assert (again.state, again.inserted) == (ImportState.SUCCEEDED, 0)
    assert (again.lines, again.duplicates) == (LINES, LINES)


async def test_checking_stores_nothing(
    importer: Importer,
    imports: ImportService,
) -> None:
    """It tells what an import would read."""
    checked = await importer.check(in_memory(b"%bnonsense\n" % LOG), Watcher())

    assert (checked.lines, checked.valid, checked.rejected) == (LINES + 1, LINES, 1)
    assert not await imports.find_all()


async def test_an_ipv4_address_inside_of_ipv6_has_its_country(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Whoever writes ``::ffff:8.8.8.8`` means that address."""
    await bring_in(importer, LINE.format(1, 2, 3, 4, "::ffff:8.8.8.8").encode())
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT host(address) AS address, country FROM visitors",
        )
        known = [(row.address, row.country) for row in found]

    located = await OfflineCountries().locate(["8.8.8.8"])
    assert known == [("8.8.8.8", country_number(located.countries["8.8.8.8"]))]


async def test_addresses_get_their_countries(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Once each; private ones have none."""
    private = LOG.splitlines()[0].split(b" INFO: ")
    log = b"%b INFO: 10.0.0.1 %b\n" % (private[0], private[1].split(b" ")[1])
    await bring_in(importer, log, LOG)
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "SELECT host(address) AS address, country FROM visitors",
        )
        known = {row.address: row.country for row in found}

    located = await OfflineCountries().locate(list(known))
    assert known["10.0.0.1"] == 0
    assert known == {
        address: country_number(code) for address, code in located.countries.items()
    }


async def test_interrupted_import_is_failed_and_can_be_repeated(
    importer: Importer,
    imports: ImportService,
    engine: AsyncEngine,
) -> None:
    """While it runs it cannot be deleted; its blocks stay and are duplicates then."""
    small = replace(importer, block_bytes=30_000)
    watcher = Watcher()
    task = create_task(small.run(in_memory(LOG), watcher))
    while not watcher.counts:
        await sleep(0)
    running = (await imports.find_all())[0]
    with pytest.raises(ImportRunning):
        await imports.delete(running.id)
    task.cancel()
    with pytest.raises(CancelledError):
        await task
    failed = (await imports.find_all())[0]
    again = await bring_one(importer, LOG)

    assert (failed.state, failed.error) == (ImportState.FAILED, "interrupted")
    assert again.duplicates == failed.inserted
    assert failed.inserted > 0
    assert await stored_tables(engine) == expected_tables([LOG])


async def test_an_import_of_many_visitors_goes_out_soon(
    importer: Importer,
    imports: ImportService,
    engine: AsyncEngine,
) -> None:
    """Reading the list of all of them again for each one would take minutes."""
    log = "".join(
        LINE.format(number // 3600, number // 60 % 60, number % 60, number, address)
        for number, address in enumerate(map(ip_address, range(2**24, 2**24 + CROWD)))
    )
    done = await bring_one(importer, log.encode())
    async with timeout(PATIENCE_SECONDS):
        await imports.delete(done.id)

    assert done.inserted == CROWD
    assert not any((await stored_tables(engine)).values())


async def test_unknown_import_cannot_be_deleted(imports: ImportService) -> None:
    """It may have been deleted already."""
    with pytest.raises(UnknownImport):
        await imports.delete(UUID(int=0))
