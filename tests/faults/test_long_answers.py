"""29: the event loop stays free while long lists are merged and written."""

import gc
from asyncio import sleep
from collections.abc import Iterator
from random import Random
from typing import Final

import orjson
import pytest

from prilavok.domain.source_items import GatheredItems, SourceItem, SourceOutcome
from prilavok.domain.source_statuses import SourceStatus
from prilavok.schemas.sources import GatheredItemsSchema, SourceItemSchema
from prilavok.services.sources.merging import merge
from prilavok.transport.answers import write_json
from tests.faults.test_loop_lag import LIMIT_SECONDS, QUIET_SECONDS, lag_while

pytestmark = pytest.mark.slow
# As many as a few sources may send, in no order.
SOURCES: Final = 5
ITEMS: Final = 50_000


def outcomes() -> list[SourceOutcome]:
    """Prepare what they delivered."""
    ids = list(range(SOURCES * ITEMS))
    Random(0).shuffle(ids)
    items = [SourceItem(item_id, "x") for item_id in ids]
    starts = range(0, len(items), ITEMS)
    listed = (tuple(items[start : start + ITEMS]) for start in starts)
    return [SourceOutcome(SourceStatus.OK, delivered) for delivered in listed]


@pytest.fixture
def delivered() -> Iterator[list[SourceOutcome]]:
    """Keep it out of the garbage collector's way: only what we do is measured."""
    prepared = outcomes()
    gc.collect()
    gc.freeze()
    yield prepared
    gc.unfreeze()


async def test_hundreds_of_thousands_of_items_leave_the_loop_free(
    delivered: list[SourceOutcome],
) -> None:
    """Merging, the bare list, and the one with details."""
    quiet = await lag_while(sleep(QUIET_SECONDS))
    lags = [await lag_while(merge(delivered))]
    merged = await merge(delivered)
    for schema, answer in (
        (SourceItemSchema(many=True), merged),
        (GatheredItemsSchema(), GatheredItems(merged, ())),
    ):
        lags.append(await lag_while(write_json(schema, answer)))

    assert max(lags) < 2 * max(LIMIT_SECONDS, quiet)
    assert [found.id for found in merged] == list(range(SOURCES * ITEMS))


async def test_pieces_make_the_same_document() -> None:
    """As if it had been written at once."""
    items = [SourceItem(item_id, "\u2028") for item_id in range(12_345)]
    gathered = GatheredItems(items, ())
    bare = await write_json(SourceItemSchema(many=True), items)
    detailed = await write_json(GatheredItemsSchema(), gathered)

    document = [{"id": item_id, "name": "\u2028"} for item_id in range(12_345)]
    assert bare == orjson.dumps(document)
    assert orjson.loads(detailed) == {
        "items": document,
        "completed": True,
        "sources": [],
    }
