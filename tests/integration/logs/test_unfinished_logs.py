"""A log may be copied while it grows, be empty, or be no log at all."""

import gzip
from collections.abc import Callable
from random import Random
from types import MappingProxyType
from typing import Final
from uuid import UUID

import pyarrow
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.import_jobs import ImportTask
from prilavok.domain.imports import Import, ImportCounts, ImportState
from prilavok.domain.shop_logs import Reason, RejectedLine
from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from tests.logs.expected import expected_tables
from tests.logs.importing import Watcher, bring_in, bring_one, in_memory
from tests.logs.made_up import made_up_log
from tests.logs.stored import empty_tables, stored_tables

LINES: Final = 200
LOG: Final = made_up_log(LINES)
SYNTAX_ONLY: Final = b"another program's line\n"
PACKINGS: Final = MappingProxyType(
    {
        "plain": bytes,
        "gzip": gzip.compress,
        "zstd": lambda log: pyarrow.compress(log, codec="zstd", asbytes=True),
    },
)
BAD_DAY: Final = b"%b\n" % LOG.splitlines()[0].replace(b"2026-02-27", b"2026-02-30")
BAD_ADDRESS: Final = b"%b\n" % LOG.splitlines()[0].replace(b"INFO: ", b"INFO: 9")


@pytest.mark.parametrize("packing", PACKINGS)
async def test_a_cut_log_and_then_the_whole_one_are_the_whole_one(
    importer: Importer,
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
    packing: str,
) -> None:
    """Wherever it is cut: between lines, in a path, in a number, before the LF."""
    pack: Callable[[bytes], bytes] = PACKINGS[packing]
    whole = expected_tables([LOG])
    last_line = len(LOG.splitlines(keepends=True)[-1])
    cuts = [1, 2, last_line, Random(packing).randrange(last_line, len(LOG))]
    for cut in cuts:
        await empty_tables(owner_engine)
        first, second = await bring_in(importer, pack(LOG[:-cut]), pack(LOG))

        assert first.rejected == (not LOG[:-cut].endswith(b"\n"))
        assert first.inserted + second.inserted == LINES
        assert second.rejected == 0
        assert await stored_tables(engine) == whole


async def test_half_a_line_is_rejected_with_its_text(importer: Importer) -> None:
    """However right it looks: nobody knows how it would have gone on."""
    watcher = Watcher()
    done = await importer.run(in_memory(LOG[:-1]), watcher)

    assert (done.state, done.inserted, done.rejected) == (
        ImportState.SUCCEEDED,
        LINES - 1,
        1,
    )
    text = LOG.splitlines()[-1].decode()
    assert watcher.rejected == [RejectedLine(LINES, Reason.UNFINISHED, text)]


@pytest.mark.parametrize("log", [b"", b"\n\n", b" \t\r\n \n", b" ", b"\xef\xbb\xbf\n"])
async def test_a_log_without_lines_has_come_in(importer: Importer, log: bytes) -> None:
    """The rotation of logs makes such files every day."""
    done = await bring_one(importer, log)
    packed = await bring_one(importer, gzip.compress(log))

    for one in (done, packed):
        assert (one.state, one.lines, one.error) == (ImportState.SUCCEEDED, 0, None)


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (LOG.decode().encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + bytes(range(256)) * 9, "zip"),
        (b"\xfd7zXZ\0\0\4", "xz"),
        (b'127.0.0.1 - - "GET / HTTP/1.1" 200\n' * 500, "127.0.0.1 - - "),
        (b"x" * 20_000, "xxx"),
        (gzip.compress(gzip.compress(LOG)), "inside of an archive"),
        (LOG.replace(b"all_to_the_bottom.com", b"other.example"), "another shop"),
    ],
)
async def test_what_is_no_log_fails_and_says_what_it_looks_like(
    importer: Importer,
    log: bytes,
    told: str,
) -> None:
    """Also when it is only looked at; its lines are counted."""
    failed = await bring_one(importer, log)
    checked = await importer.check(in_memory(log), Watcher())

    assert (failed.state, failed.inserted) == (ImportState.FAILED, 0)
    assert failed.lines == failed.rejected
    assert failed.lines == checked.lines
    assert failed.lines > 0
    assert told in str(failed.error)
    assert checked.error == failed.error


@pytest.mark.parametrize("log", [BAD_DAY, BAD_ADDRESS, LOG[:50], b"shop", LOG[:-1]])
async def test_a_log_of_wrong_or_half_lines_is_a_log(
    importer: Importer,
    log: bytes,
) -> None:
    """It has the form, whatever its lines say."""
    done = await bring_one(importer, log)

    assert (done.state, done.error) == (ImportState.SUCCEEDED, None)
    assert done.rejected > 0


@pytest.mark.parametrize(
    ("before", "state"),
    [(BAD_DAY, ImportState.SUCCEEDED), (SYNTAX_ONLY, ImportState.FAILED)],
)
async def test_whoever_goes_on_with_a_log_knows_what_was_in_it(
    importer: Importer,
    store: LogStore,
    before: bytes,
    state: ImportState,
) -> None:
    """An import that was killed after a block is told like one that was not."""
    log = in_memory(before + SYNTAX_ONLY)
    import_id = await begin(store, before)
    async with store.session() as session:
        await session.hold(import_id)
        task: ImportTask = await session.reading().tasks.get(import_id)
        await importer.advance(session, task, log, Watcher())
        done: Import = await session.reading().imports.get(import_id)

    assert (done.state, done.lines) == (state, 2)


async def begin(store: LogStore, first_line: bytes) -> UUID:
    """Leave an import behind of which the first line is committed, and rejected."""
    reason = Reason.BAD_DATE if first_line == BAD_DAY else Reason.SYNTAX
    async with store.session() as session, session.by_block() as logs:
        import_id = await logs.imports.start("log.txt", False, None)
        task = await logs.tasks.get(import_id)
        kept = [RejectedLine(1, reason, first_line.decode())]
        await logs.tasks.keep_rejected(task.number, kept)
        counts = ImportCounts(lines=1, rejected=1)
        await logs.imports.update_counts(import_id, counts, 2)
    return import_id
