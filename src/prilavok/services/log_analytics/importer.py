"""Running an import: from a file to the tables, block by block."""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol, final
from uuid import UUID

from prilavok.clients.countries.provider import CountryProvider
from prilavok.domain.imports import (
    CheckedLog,
    Import,
    ImportCounts,
    ImportState,
    UnreadableLog,
)
from prilavok.repositories.log_imports.store import LogSession, LogStore
from prilavok.services.log_analytics.block_writer import BlockWriter
from prilavok.services.log_analytics.blocks import BLOCK_BYTES
from prilavok.services.log_analytics.cart_writer import settle_votes
from prilavok.services.log_analytics.known import Horizon
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.numbering import Numbering
from prilavok.services.log_analytics.parsed import ParsedBlock, Rejections
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.read_ahead import parse_ahead

INTERRUPTED: Final = "interrupted"


class ImportWatcher(Protocol):
    """Follows an import from outside; called after the commit of every block."""

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

    async def check(self, log: LogFile, watcher: ImportWatcher) -> CheckedLog:
        """Parse the whole log and store nothing."""
        counts = ImportCounts()
        async for block in parse_ahead(log, self.parser, self.block_bytes):
            counts += _count(block, len(block.events), log)
            watcher.see_rejected(block.rejected)
            watcher.see_progress(counts)
        return CheckedLog(log.name, counts.lines, counts.inserted, counts.rejected)

    async def run(
        self,
        log: LogFile,
        watcher: ImportWatcher,
        is_sample: bool = False,
    ) -> Import:
        """Bring the whole log in and return the import, succeeded or failed.

        A damaged archive ends it as failed; what was committed before stays until the
        import is deleted. Lines that are known already are counted, not stored again.
        """
        async with self.store.session() as session:
            async with session.by_block() as logs:
                import_id = await logs.imports.start(
                    log.name,
                    is_sample,
                    log.bytes_total,
                )
            await session.hold(import_id)
            try:
                await self._write_blocks(session, import_id, log, watcher)
            except UnreadableLog as damage:
                await _finish(session, import_id, ImportState.FAILED, damage.detail)
            except asyncio.CancelledError:
                await _finish(session, import_id, ImportState.FAILED, INTERRUPTED)
                raise
            else:
                await _finish(session, import_id, ImportState.SUCCEEDED)
            return await session.reading().imports.get(import_id)

    async def _write_blocks(
        self,
        session: LogSession,
        import_id: UUID,
        log: LogFile,
        watcher: ImportWatcher,
    ) -> None:
        number = await session.reading().imports.find_number(import_id)
        writer = BlockWriter(Numbering(self.countries), self.horizon, number)
        counts = ImportCounts()
        async for block in parse_ahead(log, self.parser, self.block_bytes):
            async with session.by_block() as logs:
                inserted = await writer.write(logs, block)
                counts += _count(block, inserted, log)
                await logs.imports.update_counts(import_id, counts)
            watcher.see_rejected(block.rejected)
            watcher.see_progress(counts)


def _count(block: ParsedBlock, inserted: int, log: LogFile) -> ImportCounts:
    return ImportCounts(
        bytes_done=log.bytes_done,
        lines=block.lines,
        inserted=inserted,
        duplicates=len(block.events) - inserted,
        rejected=len(block.rejected),
    )


async def _finish(
    session: LogSession,
    import_id: UUID,
    state: ImportState,
    error: str | None = None,
) -> None:
    async with session.over_all() as logs:
        await settle_votes(logs)
        await logs.imports.finish(import_id, state, error)
