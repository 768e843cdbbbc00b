"""Breakers change what asking costs, and not what is answered."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.embedded.valkey import ValkeyUrls
from prilavok.services.sources.breakers import FAILURES, OPEN_SECONDS, Breakers
from tests.hostile_answers import HOSTILE, Behaviour, answer, items
from tests.source_laboratory import (
    Laboratory,
    forget_sources,
    ids,
    open_laboratory,
)

GOOD: Final = Behaviour(expected="ok", sent=answer(items(1, 3)))
BACK: Final = Behaviour(expected="ok", sent=answer(items(4, 6)))
# One of each way of failing at once; the last one recovers.
FAILING: Final = ("failed", "reset", "html", "null", "one-byte-too-many")
RECOVERS: Final = "recovers"
# Once a second. The breaker has opened with the fifth failure when it is mended.
TIMES: Final = 2 * OPEN_SECONDS
SECONDS: Final = range(TIMES)
MENDED_AT: Final = FAILURES + 3
PROBED_AT: Final = FAILURES - 1 + OPEN_SECONDS
LESS: Final = [1, 2, 3]
ALL: Final = [1, 2, 3, 4, 5, 6]


@final
class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.now: float = 0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@final
@dataclass(frozen=True, slots=True)
class Course:
    """The same sources over the same time, asked once a second."""

    engine: AsyncEngine
    redis_url: str
    clock: Clock = field(default_factory=Clock)

    async def run(self, breakers: Breakers | None) -> "Seen":
        """Begin without any source."""
        async with open_laboratory(
            self.engine,
            self.redis_url,
            "asyncio",
            breakers,
        ) as laboratory:
            await laboratory.add(FAILING, good=GOOD, recovers=HOSTILE["failed"])
            answers = [await self._ask(laboratory, second) for second in SECONDS]
            return Seen(answers, laboratory.server.hits)

    async def _ask(self, laboratory: Laboratory, second: int) -> list[int]:
        self.clock.now = second
        if second == MENDED_AT:
            laboratory.server.behaviours[RECOVERS] = BACK
        return ids(await laboratory.gather())


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """The ids of each answer, and how often each source was asked."""

    answers: list[list[int]]
    hits: Counter[str]


@pytest.fixture
def course(engine: AsyncEngine, valkey: ValkeyUrls) -> Course:
    """Prepare it."""
    return Course(engine, valkey.service)


async def test_breakers_change_the_cost_and_not_the_answer(
    course: Course,
    owner_engine: AsyncEngine,
) -> None:
    """As long as a source keeps failing; one that recovers is back when it is probed.

    Until then its items are missing: that is the price, and the time is its limit.
    """
    await forget_sources(owner_engine)
    off = await course.run(None)
    await forget_sources(owner_engine)
    on = await course.run(Breakers(course.clock))

    mended = [found == ALL for found in off.answers]
    assert mended == [second >= MENDED_AT for second in SECONDS]
    assert on.answers[:MENDED_AT] == off.answers[:MENDED_AT]
    assert all(found == LESS for found in on.answers[:PROBED_AT])
    assert all(found == ALL for found in on.answers[PROBED_AT:])
    assert on.hits["good"] == off.hits["good"] == TIMES
    assert (on.hits["failed"], off.hits["failed"]) == (FAILURES + 1, TIMES)
    # A broken connection may be tried once more.
    assert all(on.hits[name] <= 2 * (FAILURES + 1) for name in FAILING)
    assert all(off.hits[name] >= TIMES for name in FAILING)
