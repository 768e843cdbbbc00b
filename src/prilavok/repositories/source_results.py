"""What sources answered last, and last well: in Redis, which may forget it.

A hash a source: ``last`` (JSON), and of the last good answer ``items`` (JSON), ``at``
(ISO 8601) and the ``url`` that it came from.
"""

from asyncio import to_thread
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, final
from uuid import UUID

import orjson
from redis.asyncio import Redis

from prilavok.domain.source_items import (
    GoodAnswer,
    SourceItem,
    SourceOutcome,
    SourceStatus,
    SourceTarget,
)
from prilavok.domain.sources import LastFetch
from prilavok.repositories.redis_client import PREFIX, queue_commands, redis_errors

KEPT_DAYS: Final = timedelta(days=7)
GOOD: Final = ("items", "at", "url")


@final
@dataclass(frozen=True, slots=True)
class SourceResultRepository:
    """Reads and writes results; ``Unavailable`` when Redis is away."""

    redis: Redis

    async def keep(
        self,
        asked: Iterable[tuple[SourceTarget, SourceOutcome]],
        now: datetime,
    ) -> None:
        """Store how asking these sources went, in one round trip."""
        # In a thread: lists may be long.
        records = await to_thread(_records, asked, now.isoformat())
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                for key, record in records.items():
                    pipe.hset(key, mapping=record)
                    pipe.expire(key, KEPT_DAYS)
                await pipe.execute()

    async def find_last(self, ids: Sequence[UUID]) -> dict[UUID, LastFetch]:
        """Read what came of asking these sources the last time, where it is known."""
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                for source_id in ids:
                    pipe.hget(_key(source_id), "last")
                records: list[Any] = await pipe.execute()
        known = zip(ids, records, strict=True)
        return {known_id: _to_last(record) for known_id, record in known if record}

    async def find_good(
        self,
        targets: Sequence[SourceTarget],
    ) -> dict[UUID, GoodAnswer]:
        """Read the last good answers that came from the sources' present addresses."""
        with redis_errors():
            async with queue_commands(self.redis) as pipe:
                for target in targets:
                    pipe.hmget(_key(target.id), GOOD)
                records: list[Any] = await pipe.execute()
        known = zip(targets, records, strict=True)
        return {
            asked.id: _to_good(record)
            for asked, record in known
            if record[-1] == asked.url.encode()
        }

    async def forget(self, source_id: UUID) -> None:
        """Delete what is known of a source."""
        with redis_errors():
            await self.redis.delete(_key(source_id))


def _key(source_id: UUID) -> str:
    return f"{PREFIX}source:{source_id}"


def _records(
    asked: Iterable[tuple[SourceTarget, SourceOutcome]],
    at: str,
) -> dict[str, dict[str, Any]]:
    return {_key(target.id): _record(target, outcome, at) for target, outcome in asked}


def _record(
    target: SourceTarget,
    outcome: SourceOutcome,
    at: str,
) -> dict[str, Any]:
    last = {
        "status": outcome.status,
        "items": len(outcome.items),
        "elapsed_ms": outcome.elapsed_ms,
        "error": outcome.error,
        "at": at,
    }
    record: dict[str, Any] = {"last": orjson.dumps(last)}
    if outcome.status is SourceStatus.OK:
        record |= {"items": _packed(outcome), "at": at, "url": target.url}
    return record


def _packed(outcome: SourceOutcome) -> bytes:
    return orjson.dumps([tuple(found) for found in outcome.items])


def _to_last(record: bytes) -> LastFetch:
    last: dict[str, Any] = orjson.loads(record)
    return LastFetch(**last | {"at": datetime.fromisoformat(last["at"])})


def _to_good(record: Sequence[bytes]) -> GoodAnswer:
    listed, at, _ = record
    items = tuple(SourceItem(*found) for found in orjson.loads(listed))
    return GoodAnswer(items, datetime.fromisoformat(at.decode()))
