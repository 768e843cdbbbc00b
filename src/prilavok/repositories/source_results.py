"""What sources answered last, and last well: in Redis, which may forget it.

One hash for all sources, so that any number of them costs one command.
"""

from asyncio import to_thread
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, final
from uuid import UUID

from redis.asyncio import Redis

from prilavok.domain.source_items import GoodAnswer, SourceOutcome, SourceTarget
from prilavok.domain.sources import LastFetch, Source
from prilavok.repositories.redis_client import PREFIX, queue_commands, redis_errors
from prilavok.repositories.source_records import (
    GOOD,
    LAST,
    all_fields,
    field_name,
    read_good,
    read_last,
    write_records,
)

KEY: Final = f"{PREFIX}sources"
# Fewer are written in a millisecond; more would hold up the loop.
INLINE_ITEMS: Final = 2000
# After the last result of any source.
KEPT_DAYS: Final = timedelta(days=7)
Asked: TypeAlias = tuple[SourceTarget, SourceOutcome]


@final
@dataclass(frozen=True, slots=True)
class SourceResultRepository:
    """Reads and writes results; ``Unavailable`` when Redis is away."""

    redis: Redis

    async def keep(
        self,
        asked: Collection[Asked],
        now: datetime,
        gone: Collection[UUID] = (),
    ) -> None:
        """Store how asking these sources went, and forget those that are gone.

        One round trip of two commands, however many sources there are; forgetting is
        a third.
        """
        records = await _written(asked, now.isoformat())
        with redis_errors():
            async with queue_commands(self.redis, is_atomic=False) as pipe:
                if records:
                    pipe.hset(KEY, mapping=records)
                    pipe.expire(KEY, KEPT_DAYS)
                if gone:
                    pipe.hdel(KEY, *all_fields(gone))
                await pipe.execute()

    async def find_last(self, sources: Sequence[Source]) -> dict[UUID, LastFetch]:
        """Read what came of asking these sources the last time, where it is known."""
        records = await self._read(LAST, [source.id for source in sources])
        return read_last(sources, records)

    async def find_good(
        self,
        targets: Sequence[SourceTarget],
    ) -> dict[UUID, GoodAnswer]:
        """Read the last good answers of these sources, where they are known."""
        records = await self._read(GOOD, [target.id for target in targets])
        return await to_thread(read_good, targets, records)

    async def forget(self, source_id: UUID) -> None:
        """Delete what is known of a source."""
        with redis_errors():
            async with queue_commands(self.redis, is_atomic=False) as pipe:
                pipe.hdel(KEY, *all_fields((source_id,)))
                await pipe.execute()

    async def _read(self, kind: str, ids: Sequence[UUID]) -> Sequence[bytes | None]:
        if not ids:
            return ()
        with redis_errors():
            async with queue_commands(self.redis, is_atomic=False) as pipe:
                pipe.hmget(KEY, [field_name(source_id, kind) for source_id in ids])
                read: list[Any] = await pipe.execute()
        records: Sequence[bytes | None] = read[0]
        return records


async def _written(asked: Collection[Asked], at: str) -> Mapping[str, bytes]:
    if sum(len(outcome.items) for _, outcome in asked) <= INLINE_ITEMS:
        return write_records(asked, at)
    return await to_thread(write_records, asked, at)
