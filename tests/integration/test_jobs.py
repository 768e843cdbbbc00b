"""Background work: what is done, what is tried again, and what is given up."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGKILL
from subprocess import Popen
from typing import Any, Final

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from prilavok.domain.errors import Unavailable
from prilavok.domain.jobs import DeadJob
from prilavok.embedded.valkey import EmbeddedValkey, ValkeyUrls
from prilavok.jobs.alarm import QueueAlarm
from prilavok.jobs.broker import MAX_ATTEMPTS
from prilavok.jobs.messages import write_message
from prilavok.jobs.scheduler import Scheduler
from prilavok.jobs.table import JobTable, by_name
from prilavok.jobs.upkeep import forget_workers
from prilavok.repositories.job_queue.keys import MAX_DEAD, QUEUE
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.redis_client import create_redis
from tests import patience
from tests.fault_line import Fault
from tests.fault_proxy import FaultProxy
from tests.faults.lines import target_of, through
from tests.jobs.diary import JOBS, Diary, working

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 30
POISON: Final = (
    b"",
    b"{",
    b"\x80\x04pickled",
    b"[]",
    b'{"task_id": "1", "task_name": "write"}',
    write_message("write", {}),
    write_message("write", {"word": 1}),
    write_message("write", {"word": "x", "more": "y"}),
    write_message("write", {"word": "x" * 20_000}),
    write_message("write", {"word": "x"}).replace(b'"args":[]', b'"args":[1]'),
)


@pytest.fixture
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyUrls]:
    """Have a Valkey of one's own; whatever was done, nothing was refused."""
    server = EmbeddedValkey(tmp_path_factory.mktemp("jobs"))
    urls = server.start()
    yield urls
    with SyncRedis.from_url(urls.monitor) as watcher:
        refused: Any = watcher.execute_command("ACL LOG")
    server.stop()
    assert refused == []


@pytest.fixture
async def redis(urls: ValkeyUrls) -> AsyncIterator[Redis]:
    """Be the web service."""
    client = create_redis(urls.service, patience.SECONDS)
    yield client
    await client.aclose(close_connection_pool=True)


@pytest.fixture
def queue(redis: Redis) -> JobQueue:
    """See the queue as the web service does."""
    return JobQueue(redis)


@pytest.fixture
def alarm(queue: JobQueue) -> QueueAlarm:
    """Ask for jobs as services do."""
    return QueueAlarm(queue)


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """See what jobs were called."""
    return Diary(tmp_path / "diary")


async def await_dead(queue: JobQueue, number: int) -> list[DeadJob]:
    """Return the dead list when it is that long and nothing waits."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            dead = await queue.find_dead()
            if len(dead) >= number and not await queue.find_waiting(1):
                return dead
            await asyncio.sleep(0.05)


async def await_length(diary: Diary, number: int) -> None:
    """Return when that many words stand there."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(diary.words()) < number:
            await asyncio.sleep(0.02)


async def await_empty(queue: JobQueue) -> None:
    """Return when nothing waits."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await queue.find_waiting(1):
            await asyncio.sleep(0.02)


async def test_every_job_is_done_once(
    urls: ValkeyUrls,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
) -> None:
    """By whichever of several workers; asked before and after they came."""
    words = [f"word {number}" for number in range(200)]
    for word in words[:100]:
        await alarm.ring("write", word=word)
    async with working(urls.worker, diary), working(urls.worker, diary):
        for word in words[100:]:
            await alarm.ring("write", word=word)
        await diary.await_words(*words)
        await await_empty(queue)

    assert not await queue.find_dead()


async def test_poison_goes_to_the_dead_list(
    urls: ValkeyUrls,
    redis: Redis,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
) -> None:
    """35: neither what is no JSON of ours nor what has no job is tried or loops."""
    for poison in POISON:
        await queue.add(poison)
    await redis.xadd(QUEUE, {"data": "from another library"})
    await alarm.ring("nobody knows", word="x")
    async with working(urls.worker, diary):
        await alarm.ring("write", word="good")
        await diary.await_words("good")
        dead = await await_dead(queue, len(POISON) + 2)

    reasons = [job.reason for job in dead]
    assert reasons[0] == "unknown-job"
    assert set(reasons[1:]) == {"malformed"}


async def test_what_fails_is_tried_again_and_at_last_given_up(
    urls: ValkeyUrls,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
) -> None:
    """With the error; sent again by hand it gets all its chances again."""
    await alarm.ring("fail", word="x")
    await alarm.ring("stumble", word="y")
    async with working(urls.worker, diary):
        dead = (await await_dead(queue, 1))[0]
        await diary.await_words(*("x" * MAX_ATTEMPTS), "y", "y")

        assert (dead.reason, dead.attempts) == ("failed", MAX_ATTEMPTS)
        assert dead.error == "KeyError: 'x'"

        assert await queue.retry(dead.id)
        assert not await queue.retry(dead.id)
        await await_dead(queue, 1)
    assert diary.words().count("x") == MAX_ATTEMPTS * 2


@pytest.mark.parametrize("unknown", ["nope", "-", "1", "1-1", "", "９-1", "9" * 99])
async def test_what_is_no_dead_job_is_not_sent(queue: JobQueue, unknown: str) -> None:
    """Redis takes some of these for mistakes, others for the ends of the list."""
    assert not await queue.retry(unknown)


async def test_a_long_job_is_not_done_twice(
    urls: ValkeyUrls,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
) -> None:
    """Its worker says that it still has it, for longer than the dead are waited for."""
    async with working(urls.worker, diary), working(urls.worker, diary):
        await alarm.ring("dawdle", word="x")
        await diary.await_words("begin x", "end x")
        await await_empty(queue)

    assert diary.words() == ["begin x", "end x"]


async def test_a_killed_workers_job_is_done_by_another(
    urls: ValkeyUrls,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
    tmp_path: Path,
) -> None:
    """Also when nothing new comes after it."""
    hang = tmp_path / "hang"
    hang.touch()
    worker = Popen(
        (sys.executable, "-m", "tests.jobs.diary", urls.worker, str(diary.path)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
    )
    await alarm.ring("dawdle", word="x")
    await diary.await_words("begin x")
    worker.send_signal(SIGKILL)
    worker.wait()
    hang.unlink()
    async with working(urls.worker, diary):
        await diary.await_words("begin x", "begin x", "end x")
        await await_empty(queue)


async def test_a_job_that_kills_its_workers_is_given_up(
    urls: ValkeyUrls,
    queue: JobQueue,
    redis: Redis,
    diary: Diary,
) -> None:
    """It was handed out several times, and nobody came back."""
    await queue.add(write_message("write", {"word": "x"}))
    await redis.xgroup_create(QUEUE, "workers", "0")
    group: Any = redis
    await group.xreadgroup("workers", "dead", {QUEUE: ">"})
    number = (await queue.find_waiting(1))[0].id
    await group.xclaim(
        QUEUE,
        "workers",
        "dead",
        0,
        [number],
        idle=60_000,
        retrycount=MAX_ATTEMPTS,
    )
    async with working(urls.worker, diary):
        dead = await await_dead(queue, 1)

    assert (dead[0].reason, diary.words()) == ("lost", [])


async def test_stopping_finishes_or_gives_back(
    urls: ValkeyUrls,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
    tmp_path: Path,
) -> None:
    """What is given back counts as never tried, and is taken at once."""
    hang = tmp_path / "hang"
    hang.touch()
    async with working(urls.worker, diary) as stopping:
        await alarm.ring("dawdle", word="x")
        await diary.await_words("begin x")
        stopping.set()
        await alarm.ring("write", word="later")
    waiting = await queue.find_waiting(9)
    hang.unlink()

    assert [job.attempts for job in waiting] == [0, 0]
    async with working(urls.worker, diary):
        await diary.await_words("begin x", "begin x", "end x", "later")
        await await_empty(queue)


async def test_a_wiped_redis_is_set_up_again(
    urls: ValkeyUrls,
    redis: Redis,
    queue: JobQueue,
    alarm: QueueAlarm,
    diary: Diary,
) -> None:
    """22, 10: workers go on with what is asked for afterwards."""
    async with working(urls.worker, diary):
        await alarm.ring("write", word="before")
        await diary.await_words("before")
        await redis.delete(QUEUE)
        await alarm.ring("write", word="after")
        await diary.await_words("before", "after")
        await await_empty(queue)


async def test_workers_wait_for_redis(
    urls: ValkeyUrls,
    diary: Diary,
) -> None:
    """Asking for a job without Redis raises nothing; afterwards all goes on."""
    async with FaultProxy(target_of(urls.worker)) as line:
        url = through(line, urls.worker)
        client = create_redis(url)
        alarm = QueueAlarm(JobQueue(client))
        async with working(url, diary):
            for fault in (Fault.REFUSE, Fault.BLACKHOLE):
                await alarm.ring("write", word="before")
                await await_length(diary, 1)
                await line.inject(fault)
                await alarm.ring("write", word="lost")
                await asyncio.sleep(1)
                await line.inject(Fault.NONE)
                await alarm.ring("write", word="after")
                await await_length(diary, 2)
                diary.path.unlink()
        await client.aclose(close_connection_pool=True)


async def test_periodic_jobs_come_again(
    urls: ValkeyUrls,
    queue: JobQueue,
    diary: Diary,
) -> None:
    """From two schedulers about once a period; without workers they do not pile up."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(Scheduler(JOBS.values(), queue).run(stopping))
        await asyncio.sleep(2.5)
        assert len(await queue.find_waiting(9)) == 1
        async with working(urls.worker, diary):
            await await_length(diary, 3)
        stopping.set()

    assert set(diary.words()) == {"tick"}


async def test_periodic_jobs_are_not_noted_without_a_message(
    redis: Redis,
    queue: JobQueue,
) -> None:
    """Where Redis fails half way, the next scheduler asks, and need not wait a minute.

    Here the queue's name is taken by something else.
    """
    await redis.set(QUEUE, "no stream")
    with pytest.raises(Unavailable):
        await queue.add_unless_due("tick", b"x", 60)
    await redis.delete(QUEUE)
    await asyncio.gather(
        *(queue.add_unless_due("tick", b"x", 60) for _ in range(20)),
    )

    assert [job.message for job in await queue.find_waiting(9)] == ["x"]


async def test_the_dead_list_is_bounded(redis: Redis, queue: JobQueue) -> None:
    """And what it holds can be measured, also from the side of workers."""
    commands: Any = redis.pipeline()
    for _ in range(MAX_DEAD + 500):
        commands.xadd("prilavok:jobs:dead", {"message": "x"}, maxlen=MAX_DEAD)
    await commands.execute()
    await queue.add(b"x")
    state = await queue.state(datetime.now(UTC))

    assert (state.waiting, state.oldest_seconds) == (1, 0)
    assert MAX_DEAD <= state.dead < MAX_DEAD + 500


def test_two_jobs_of_one_name_are_refused() -> None:
    """One of them would never be done."""
    tables = (JobTable(), JobTable())
    for table in tables:
        table.periodic("same", 1)(forget_workers)
    with pytest.raises(ValueError, match="same name"):
        by_name(tables)
