"""What Redis keeps of sources: little work for it, and nothing of others."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest
from redis.asyncio import Redis

from prilavok.domain.source_items import SourceItem, SourceOutcome, SourceTarget
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import Source
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.source_results import KEPT_DAYS, KEY, SourceResultRepository
from prilavok.services.sources.memory import SourceMemory

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
GOOD: Final = SourceOutcome(SourceStatus.OK, (SourceItem(2**64 - 1, "\u2028\0"),), 3)
BAD: Final = SourceOutcome(SourceStatus.TIMEOUT, error="No complete answer in time.")
MANY: Final = 300


@pytest.fixture
async def redis(valkey: ValkeyUrls) -> AsyncIterator[Redis]:
    """Connect as the service does; nothing is known of any source."""
    connected = create_redis(valkey.service)
    await connected.delete(KEY)
    yield connected
    await connected.aclose(close_connection_pool=True)


@pytest.fixture
def memory(redis: Redis) -> SourceMemory:
    """Remember in it."""
    return SourceMemory(SourceResultRepository(redis), lambda: NOW)


def target(number: int) -> SourceTarget:
    """Describe a source."""
    name = f"source-{number}"
    return SourceTarget(UUID(int=number), name, f"http://{name}/", 2, True, 1)


def registered(asked: SourceTarget) -> Source:
    """Show the same source as staff see it."""
    return Source(asked.id, asked.name, asked.url, 2, 1, True, False, asked.version)


async def executed(valkey: ValkeyUrls) -> dict[str, int]:
    """Count the commands that the server has executed, by their names."""
    async with Redis.from_url(valkey.monitor) as monitor:
        stats: Any = await monitor.info("commandstats")
    return {name: stat["calls"] for name, stat in stats.items()}


async def test_any_number_of_sources_takes_one_write_and_one_read(
    memory: SourceMemory,
    valkey: ValkeyUrls,
) -> None:
    """And one command that says how long what was written stays."""
    asked = [(target(number), replace(GOOD)) for number in range(MANY)]
    await memory.find_good([target(0)])
    before = await executed(valkey)
    await memory.note(asked, is_all=True)
    known = await memory.find_good([source for source, _ in asked])
    after = await executed(valkey)

    calls = {name: after[name] - before.get(name, 0) for name in after}
    ours = {"cmdstat_hset": 1, "cmdstat_expire": 1, "cmdstat_hmget": 1}
    assert {name: calls[name] for name in ours} == ours
    # What the monitor's own connection takes, and nothing else.
    assert sum(calls.values()) - sum(ours.values()) < 10
    assert len(known) == MANY
    assert known[UUID(int=1)].items == GOOD.items


async def test_results_are_of_the_address_that_was_asked(memory: SourceMemory) -> None:
    """Of another address nothing is known; a failure leaves the good answer."""
    was = target(1)
    moved = replace(was, url="http://elsewhere/")
    await memory.note([(was, replace(GOOD))])
    await memory.note([(was, replace(BAD))])
    last = await memory.find_last([registered(was)])

    assert (last[was.id].status, last[was.id].at) == ("timeout", NOW)
    assert (await memory.find_good([was]))[was.id].items == GOOD.items
    assert not await memory.find_last([registered(moved)])
    assert not await memory.find_good([moved])


async def test_what_is_gone_is_forgotten(memory: SourceMemory, redis: Redis) -> None:
    """Also when a request that began before noted it once more."""
    stays, goes = target(1), target(2)
    both = [(stays, replace(GOOD)), (goes, replace(GOOD))]
    await memory.note(both, is_all=True)
    await memory.forget(goes.id)
    await memory.note([(goes, replace(GOOD))])
    await memory.note([(stays, both[0][1])], is_all=True)
    fields: Any = await redis.hkeys(KEY)
    seconds: Any = await redis.ttl(KEY)

    assert {field.partition(b":")[0] for field in fields} == {str(stays.id).encode()}
    assert 0 < seconds <= KEPT_DAYS.total_seconds()


async def test_a_result_is_written_once_however_many_waited(
    memory: SourceMemory,
    redis: Redis,
) -> None:
    """Whoever shared a fetch has the very same outcome."""
    shared = [(target(1), replace(GOOD))]
    await memory.note(shared)
    await redis.delete(KEY)
    await memory.note(shared)

    assert not await redis.exists(KEY)


async def test_without_redis_nothing_is_known(redis: Redis) -> None:
    """And nothing else fails; what was to be forgotten is so later."""
    away = create_redis("redis://127.0.0.1:1/0")
    memory = SourceMemory(SourceResultRepository(away), lambda: NOW)
    await memory.note([(target(1), replace(GOOD))], is_all=True)
    await memory.forget(target(1).id)
    await memory.note([], is_all=True)

    assert not await memory.find_last([registered(target(1))])
    assert not await memory.find_good([target(1)])
    await away.aclose(close_connection_pool=True)
