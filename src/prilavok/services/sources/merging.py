"""Making one list of what many sources delivered."""

import heapq
from asyncio import to_thread
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from prilavok.domain.source_items import SourceItem, SourceOutcome

# Merging fewer takes less than a millisecond; more would hold up the loop.
INLINE_ITEMS: Final = 5000
PIECE: Final = 20_000


async def merge(outcomes: Sequence[SourceOutcome]) -> Sequence[SourceItem]:
    """Sort by id; of items with one id the one of the first source stays."""
    if sum(len(outcome.items) for outcome in outcomes) <= INLINE_ITEMS:
        return _merged(outcomes)
    return await to_thread(_merged, outcomes)


def _merged(outcomes: Iterable[SourceOutcome]) -> Sequence[SourceItem]:
    merged: dict[int, SourceItem] = {}
    for outcome in outcomes:
        for found in outcome.items:
            merged.setdefault(found.id, found)
    return [merged[item_id] for item_id in _in_order(merged)]


def _in_order(ids: Iterable[int]) -> Iterable[int]:
    """Sort piece by piece: no other thread runs while Python sorts one."""
    unsorted = iter(ids)
    pieces = iter(lambda: sorted(islice(unsorted, PIECE)), [])
    return heapq.merge(*pieces)
