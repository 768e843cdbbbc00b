"""Running an import: from a file to the tables, block by block."""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol, final

from prilavok.clients.countries.provider import CountryProvider
from prilavok.domain.import_jobs import ImportTask
from prilavok.domain.imports import (
    CheckedLog,
    Import,
    ImportCancelled,
    ImportCounts,
    ImportState,
    UnreadableLog,
)
from prilavok.repositories.log_imports.store import LogSession, LogStore
from prilavok.services.log_analytics.block_commits import BlockCommits, count_block
from prilavok.services.log_analytics.block_writer import (
    PACK_EVENTS,
    BlockWriter,
    open_writer,
)
from prilavok.services.log_analytics.blocks import BLOCK_BYTES
from prilavok.services.log_analytics.ending import clear, finish
from prilavok.services.log_analytics.in_order import InOrder
from prilavok.services.log_analytics.known import Horizon
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.parsed import Rejections
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.read_ahead import read_ahead

INTERRUPTED: Final = "interrupted"


class ImportWatcher(Protocol):
    """Follows an import from outside; called after every commit.

    That is one for each block, or for some that are sorted together.
    """

    def see_progress(self, counts: ImportCounts) -> None:
        """Learn what the import has come to."""

    def see_rejected(self, rejected: Rejections) -> None:
        """Learn of the block's rejected lines, in their order."""


@final
@dataclass(frozen=True, slots=True)
class Importer:
    """Brings logs in; several may run at once, and block by block they take turns."""

    store: LogStore
    parser: LogParser
    countries: CountryProvider
    horizon: Horizon = Horizon()
    block_bytes: int = BLOCK_BYTES
    pack_size: int = PACK_EVENTS

    async def check(self, log: LogFile, watcher: ImportWatcher) -> CheckedLog:
        """Parse the whole log and store nothing."""
        counts = ImportCounts()
        is_log = False
        async with read_ahead(self.parser.parse_log(log, self.block_bytes)) as blocks:
            async for block in blocks:
                counts += count_block(block, len(block.events), log)
                is_log = is_log or self.parser.has_log_lines(block.rejected)
                watcher.see_rejected(block.rejected)
                watcher.see_progress(counts)
        return CheckedLog(
            log.name,
            counts.lines,
            counts.inserted,
            counts.rejected,
            self._find_fault(log, counts, is_log),
        )

    async def run(
        self,
        log: LogFile,
        watcher: ImportWatcher,
        is_sample: bool = False,
    ) -> Import:
        """Bring the whole log in and return the import, however it has ended.

        A damaged archive ends it as failed; what was committed before stays until the
        import is deleted. Lines that are known already are counted, not stored again.
        Cancelled by somebody else, it leaves nothing behind.
        """
        async with self.store.session() as session:
            async with session.by_block() as logs:
                import_id = await logs.imports.start(
                    log.name,
                    is_sample,
                    log.bytes_total,
                )
            await session.hold(import_id)
            task = await session.reading().tasks.get(import_id)
            try:
                await self.advance(session, task, log, watcher)
            except asyncio.CancelledError:
                await finish(session, import_id, ImportState.FAILED, INTERRUPTED)
                raise
            return await session.reading().imports.get(import_id)

    async def advance(
        self,
        session: LogSession,
        task: ImportTask,
        log: LogFile,
        watcher: ImportWatcher,
    ) -> None:
        """Bring in what is left of a log, and end the import.

        The session holds the import. What the watcher raises comes through; then, and
        when the process dies, somebody else can go on from the last committed block.
        """
        try:
            damage = await self._write(session, task, log, watcher)
            state = ImportState.FAILED if damage else ImportState.SUCCEEDED
            await finish(session, task.id, state, damage)
        except ImportCancelled:
            await clear(session, task)

    async def _write(
        self,
        session: LogSession,
        task: ImportTask,
        log: LogFile,
        watcher: ImportWatcher,
    ) -> str | None:
        """Return what is wrong with the log, None when it was read to its end."""
        numbering = Numbering(self.countries)
        await numbering.prepare()
        async with self.store.side_reader() as side:
            with open_writer(
                numbering,
                self.horizon,
                self.pack_size,
                task.number,
                side,
            ) as writer:
                return await self._write_blocks(session, task, writer, log, watcher)

    async def _write_blocks(
        self,
        session: LogSession,
        task: ImportTask,
        writer: BlockWriter,
        log: LogFile,
        watcher: ImportWatcher,
    ) -> str | None:
        """Write what is left; ``is_log`` tells of lines that are rejected, too."""
        is_log = await session.reading().tasks.has_log_lines(task.number)
        parsed = self.parser.parse_log(log, self.block_bytes, task.next_line)
        async with read_ahead(InOrder(parsed)) as blocks:
            commits = BlockCommits(task, log, writer, blocks, task.counts)
            while True:
                try:
                    block = await blocks.take()
                except UnreadableLog as damage:
                    return damage.detail
                if block is None:
                    return self._find_fault(log, commits.counts, is_log)
                for rejected in await commits.commit(session, block):
                    is_log = is_log or self.parser.has_log_lines(rejected)
                    watcher.see_rejected(rejected)
                watcher.see_progress(commits.counts)

    def _find_fault(
        self,
        log: LogFile,
        counts: ImportCounts,
        is_log: bool,
    ) -> str | None:
        """Say what a file is that has lines, and no line of the format."""
        if is_log or counts.lines > counts.rejected or not counts.lines:
            return None
        return self.parser.describe_other_file(log.beginning)
