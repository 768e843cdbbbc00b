"""One request asks all: in which order, and what it does meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.sources import ListSources, Source
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.services.sources.rounds import AT_ONCE
from tests.hostile_answers import Behaviour, answer, items
from tests.source_laboratory import Laboratory, forget_sources, open_laboratory

QUICK: Final = Behaviour(expected="ok", sent=answer(items(1, 3)))
SLOW: Final = Behaviour(expected="ok", sent=answer(items(4, 6)), pause=1.5)
SOURCES: Final = 5 * AT_ONCE


@pytest.fixture
async def laboratory(
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
    valkey: ValkeyUrls,
) -> AsyncIterator[Laboratory]:
    """Build the services without any source."""
    await forget_sources(owner_engine)
    async with open_laboratory(engine, valkey.service, "asyncio", None) as built:
        yield built


async def first(laboratory: Laboratory) -> Source:
    """Show the first source as staff see it."""
    page = await laboratory.services.registry.list_page(ListSources())
    return page.items[0]


async def test_what_came_is_kept_while_others_are_waited_for(
    laboratory: Laboratory,
) -> None:
    """So that little is left to do when the slowest one has answered."""
    await laboratory.add((), quick=QUICK, slow=SLOW)
    gathering = asyncio.create_task(laboratory.gather())
    while (await first(laboratory)).last is None:
        await asyncio.sleep(0.01)
    early = not gathering.done()
    gathered = await gathering

    assert early
    assert [found.id for found in gathered.items] == [1, 2, 3, 4, 5, 6]
    page = await laboratory.services.registry.list_page(ListSources())
    kept = [source.last and source.last.items for source in page.items]
    assert kept == [3, 3]


async def test_the_slowest_is_asked_first_the_next_time(
    laboratory: Laboratory,
) -> None:
    """Its time is the answer's; the others are asked while it is at work."""
    quick = {f"quick-{number}": QUICK for number in range(SOURCES)}
    await laboratory.add((), **quick, slow=SLOW)
    places = []
    for _ in range(2):
        laboratory.server.headers.clear()
        await laboratory.gather()
        asked = [head.split()[1] for head in laboratory.server.headers]
        places.append(asked.index(b"/slow"))

    assert places[0] > SOURCES - AT_ONCE
    assert places[1] < AT_ONCE
