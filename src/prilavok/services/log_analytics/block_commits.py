"""Storing the blocks of an import with its counts, a transaction after the other."""

from dataclasses import dataclass
from itertools import islice
from typing import final

from prilavok.domain.import_jobs import MAX_REJECTED_KEPT, ImportTask
from prilavok.domain.imports import ImportCounts
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.repositories.log_imports.store import LogSession
from prilavok.services.log_analytics.block_writer import BlockWriter
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import ParsedBlock, Rejections
from prilavok.services.log_analytics.read_ahead import BlocksAhead


def count_block(block: ParsedBlock, inserted: int, log: LogFile) -> ImportCounts:
    """Tell what a block adds to the counts of its import."""
    return ImportCounts(
        bytes_done=log.bytes_done,
        lines=block.lines,
        inserted=inserted,
        duplicates=len(block.events) - inserted,
        rejected=len(block.rejected),
    )


@final
@dataclass(slots=True)
class BlockCommits:
    """What an import has come to; ``counts`` are those of the last commit."""

    task: ImportTask
    log: LogFile
    writer: BlockWriter
    blocks: BlocksAhead
    counts: ImportCounts

    async def commit(
        self,
        session: LogSession,
        block: ParsedBlock,
    ) -> list[Rejections]:
        """Store a block, and those that belong to it; return what they rejected.

        Raises ``ImportCancelled``.
        """
        rejected = []
        following: ParsedBlock | None = block
        counts = self.counts
        async with session.by_block() as logs:
            while following is not None:
                inserted = await self.writer.write(logs, following, self.blocks)
                await self._keep_rejected(logs, counts, following)
                counts += count_block(following, inserted, self.log)
                rejected.append(following.rejected)
                next_line = following.next_line
                if next_line is not None:
                    await logs.imports.update_counts(self.task.id, counts, next_line)
                    break
                following = await self.blocks.take()
        self.counts = counts
        return rejected

    async def _keep_rejected(
        self,
        logs: LogRepositories,
        counts: ImportCounts,
        block: ParsedBlock,
    ) -> None:
        """Store what is rejected, of an import no more than people will read."""
        room = max(0, MAX_REJECTED_KEPT - counts.rejected)
        kept = list(islice(block.rejected, room))
        await logs.tasks.keep_rejected(self.task.number, kept)
