"""26: all sources at once, however they misbehave."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.source_items import FetchItems
from prilavok.domain.source_statuses import SourceStatus as Status
from prilavok.domain.sources import ListSources
from prilavok.domain.versions import ANY_VERSION
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.services.sources.breakers import Breakers
from tests.hostile_answers import HOSTILE, Behaviour, answer, items
from tests.source_laboratory import (
    ACTOR,
    SECONDS,
    Laboratory,
    forget_sources,
    ids,
    open_laboratory,
    statuses,
)
from tests.sources import KINDS

# The promise; a machine that does much else at the same time may take thrice as long.
# One source after another would take eight times as long: so many never end.
MOST_SECONDS: Final = 2.2
MOST_SECONDS_WHEN_BUSY: Final = 3 * MOST_SECONDS
MOST_LAG_SECONDS: Final = 0.05
# For tests that are not about the two seconds: a slow machine loses no answer.
PATIENT: Final = (("asyncio", 15),)
TIMES: Final = 8
AWAY: Final = timedelta(days=1, seconds=3)
STALE: Final = FetchItems(detail=True, stale=True)
KIBIBYTES: Final = 1024
NOBODY: Final = MappingProxyType(
    {
        "refused": "http://127.0.0.1:1/",
        "unknown-name": "http://nowhere.invalid/",
    },
)
# Good ones before, between and after the bad; one of them takes its time.
LOW: Final = Behaviour(expected="ok", sent=answer(items(1, 10)))
HIGH: Final = Behaviour(expected="ok", sent=answer(items(21, 30)))
MANY: Final = Behaviour(
    expected="ok",
    sent=answer(b'[{"id":0,"name":"M"}%s]' % (b',{"id":0,"name":"M"}' * 52_000)),
)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Take each paradigm in turn."""
    return str(request.param)


@pytest.fixture
def limit_seconds() -> float:
    """Wait as long as the product does."""
    return SECONDS


@pytest.fixture
async def laboratory(
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
    valkey: ValkeyUrls,
    kind: str,
    limit_seconds: float,
) -> AsyncIterator[Laboratory]:
    """Build the services on real stores without any source."""
    await forget_sources(owner_engine)
    opened = open_laboratory(
        engine,
        valkey.service,
        kind,
        Breakers(monotonic),
        limit_seconds,
    )
    async with opened as built:
        yield built


def memory(name: str) -> int:
    """Read a figure of this process, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


@pytest.mark.parametrize(
    ("pause", "seconds"),
    [
        (0.3, MOST_SECONDS_WHEN_BUSY),
        pytest.param(1.9, MOST_SECONDS, marks=pytest.mark.slow),
    ],
)
async def test_all_enemies_at_once(
    laboratory: Laboratory,
    pause: float,
    seconds: float,
) -> None:
    """In 2.2 s all good items are there, each failure has its name, memory stays.

    Also those of a source that is only just in time.
    """
    late = Behaviour(expected="ok", sent=answer(items(5, 20)), pause=pause)
    await laboratory.add((), low=LOW)
    await laboratory.add(HOSTILE)
    for name, url in NOBODY.items():
        laboratory.server.behaviours[name] = HOSTILE["no-answer"]
        await laboratory.add_at(name, url)
    await laboratory.add((), late=late, high=HIGH)
    await laboratory.gather()
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    async with asyncio.timeout(seconds):
        gathered = await laboratory.gather()

    assert memory("VmHWM") - before < 20 * KIBIBYTES
    assert set(range(1, 31)) <= set(ids(gathered))
    assert ids(gathered) == sorted(set(ids(gathered)))
    for report in gathered.sources:
        wanted = laboratory.server.behaviours[report.name]
        assert report.status in {wanted.expected, wanted.or_else}, report
        assert report.dropped == wanted.dropped
    assert not laboratory.server.hits["canary"]
    assert await laboratory.server.becomes_idle()


@pytest.fixture
def frozen_modules() -> Iterator[None]:
    """Keep what was imported out of the garbage collector's way, as serving does."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.slow
async def test_large_answers_do_not_hold_up_the_loop(
    laboratory: Laboratory,
    frozen_modules: None,
) -> None:
    """29: other requests wait less than 50 ms while a mebibyte is unfolded."""
    lags: list[float] = []
    await laboratory.add(("a-million-objects", "deep", "one-mebibyte"), many=MANY)
    await laboratory.gather()
    probe = asyncio.create_task(note_lags(lags))
    for _ in range(12):
        await laboratory.gather()
    probe.cancel()

    assert sorted(lags)[-len(lags) // 100] < MOST_LAG_SECONDS


async def note_lags(lags: list[float]) -> None:
    """Measure how much later than wanted the loop comes back."""
    while True:
        started = monotonic()
        await asyncio.sleep(0.001)
        lags.append(monotonic() - started - 0.001)


async def test_of_equal_ids_the_first_source_wins(laboratory: Laboratory) -> None:
    """First is the lower position."""
    for name, said in (("one", b"mine"), ("two", b"yours")):
        body = b'[{"id": 1, "name": "%s"}]' % said
        await laboratory.add((), **{name: Behaviour(expected="ok", sent=answer(body))})
    gathered = await laboratory.gather()

    assert [found.name for found in gathered.items] == ["mine"]
    assert gathered.completed


@pytest.mark.parametrize(("kind", "limit_seconds"), PATIENT)
async def test_requests_at_once_share_one_fetch(laboratory: Laboratory) -> None:
    """Also when those who came first leave; when all leave, nothing goes on."""
    slow = Behaviour(expected="ok", sent=answer(items(1, 2)), pause=1.5)
    await laboratory.add((), slow=slow)
    askers = [asyncio.create_task(laboratory.gather()) for _ in range(20)]
    # Ten times what all of them need to join, and half of what the source needs.
    await asyncio.sleep(0.7)
    for asker in askers[:19]:
        asker.cancel()
    gathered = await askers[-1]
    assert (ids(gathered), laboratory.server.hits["slow"]) == ([1, 2], 1)

    laboratory.server.behaviours["slow"] = HOSTILE["hangs-in-body"]
    last = asyncio.create_task(laboratory.gather())
    while laboratory.server.hits["slow"] < 2:
        await asyncio.sleep(0.01)
    last.cancel()
    assert await laboratory.server.becomes_idle()


@pytest.mark.parametrize(("kind", "limit_seconds"), PATIENT)
async def test_a_change_counts_for_whoever_asks_after_it(
    laboratory: Laboratory,
) -> None:
    """Also while the source is still being asked as it was; that goes on."""
    slow = Behaviour(expected="ok", sent=answer(items(1, 2)), pause=1.5)
    await laboratory.add((), slow=slow)
    before = asyncio.create_task(laboratory.gather())
    while not laboratory.server.hits["slow"]:
        await asyncio.sleep(0.01)
    laboratory.server.behaviours["high"] = HIGH
    registry = laboratory.services.registry
    page = await registry.list_page(ListSources())
    moved = {"url": laboratory.server.url("high")}
    await registry.edit(ACTOR, page.items[0].id, moved, ANY_VERSION)
    after = await laboratory.gather()

    assert ids(after) == list(range(21, 31))
    assert not before.done()
    assert ids(await before) == [1, 2]
    # What came last, but from the old address, is not what stands in.
    laboratory.server.behaviours["high"] = HOSTILE["failed"]
    assert ids(await laboratory.gather(STALE)) == list(range(21, 31))


async def test_a_failed_source_is_filled_in_on_request(laboratory: Laboratory) -> None:
    """Its last good answer comes with its age; what never answered stays missing."""
    await laboratory.add(("reset",), high=HIGH)
    await laboratory.gather()
    laboratory.server.behaviours["high"] = HOSTILE["failed"]
    laboratory.moment += AWAY
    without = await laboratory.gather()
    filled = await laboratory.gather(STALE)

    assert (ids(without), statuses(without)[-1]) == ([], Status.HTTP_ERROR)
    assert ids(filled) == list(range(21, 31))
    assert statuses(filled) == [Status.CONNECT_ERROR, Status.STALE]
    assert filled.sources[-1].age_s == AWAY.total_seconds()
    assert not filled.completed


@pytest.mark.parametrize("kind", ["asyncio"])
async def test_a_source_that_keeps_failing_is_spared(laboratory: Laboratory) -> None:
    """The answer is the same, only cheaper; a check asks all the same and closes it."""
    await laboratory.add(("failed",), high=HIGH)
    answers = [await laboratory.gather() for _ in range(TIMES)]
    hits = laboratory.server.hits["failed"]
    laboratory.server.behaviours["failed"] = LOW
    page = await laboratory.services.registry.list_page(ListSources())
    checked = await laboratory.services.items.check(page.items[0].id)
    after = await laboratory.gather()

    assert all(ids(gathered) == list(range(21, 31)) for gathered in answers)
    found = Counter(statuses(gathered)[0] for gathered in answers)
    assert found == {Status.HTTP_ERROR: 5, Status.CIRCUIT_OPEN: 3}
    assert (hits, checked.status, after.completed) == (5, Status.OK, True)
