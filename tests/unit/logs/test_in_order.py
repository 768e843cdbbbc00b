"""What comes in no order is sorted, and nothing of it is lost."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from prilavok.domain.imports import UnreadableLog
from prilavok.services.log_analytics.in_order import WINDOW_BLOCKS, InOrder
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.sorting import sort_blocks
from tests.logs.made_up import made_up_log
from tests.logs.parsed_log import describe, parse_blocks
from tests.logs.reference_parser import Request
from tests.logs.strategies import logs

BLOCK_BYTES: Final = 20_000
MODULE: Final = InOrder.__module__
LOG: Final = made_up_log(3000)


def identity(request: Request) -> tuple[Any, str]:
    """Return what tells it from others."""
    return request.at, request.key


def shuffled(log: bytes) -> list[ParsedBlock]:
    """Parse its lines in another order."""
    lines = log.splitlines(keepends=True)
    random.Random(0).shuffle(lines)
    return parse_blocks(b"".join(lines), BLOCK_BYTES)


def damaged(blocks: list[ParsedBlock]) -> Iterator[ParsedBlock]:
    """Yield the blocks, and find then that there is no more to be read."""
    yield from blocks
    raise UnreadableLog("cut off")


@given(
    log=logs(),
    block_bytes=st.integers(50, 400),
    least=st.integers(0, 9),
)
@settings(max_examples=200)
def test_sorted_parts_say_what_the_blocks_said(
    log: bytes,
    block_bytes: int,
    least: int,
) -> None:
    """In order of time and key; of repeated events the first stays the first."""
    blocks = parse_blocks(log, block_bytes)
    assume(blocks)
    parts = list(sort_blocks(blocks, least))
    said, sorted_log = describe(blocks), describe(parts)
    distinct = describe([replace(part, events=part.distinct) for part in parts])

    assert len(parts) >= max(least, len(blocks))
    assert sorted_log.requests == sorted(said.requests, key=identity)
    assert (sorted_log.lines, sorted_log.refusals) == (said.lines, said.refusals)
    assert (
        distinct.requests
        == list(
            {identity(one): one for one in reversed(sorted_log.requests)}.values(),
        )[::-1]
    )
    next_lines = [part.next_line for part in parts]
    assert not any(next_lines[:-1])
    assert next_lines[-1] == blocks[-1].next_line


def test_what_is_in_order_passes_as_it_is() -> None:
    """Nobody pays for what he does not need."""
    blocks = parse_blocks(LOG, BLOCK_BYTES)

    assert len(blocks) > WINDOW_BLOCKS
    pairs = zip(InOrder(iter(blocks)), blocks, strict=True)
    assert all(one is other for one, other in pairs)


@pytest.mark.parametrize("year", [b"1970", b"2999"])
def test_a_wrong_clock_puts_nothing_out_of_order(year: bytes) -> None:
    """However far its lines are from all others."""
    lines = [
        line if place % 20 else line.replace(b"| 2026", b"| %b" % year)
        for place, line in enumerate(LOG.splitlines(keepends=True))
    ]
    blocks = parse_blocks(b"".join(lines), BLOCK_BYTES)
    pairs = zip(InOrder(iter(blocks)), blocks, strict=True)

    assert all(one is other for one, other in pairs)


def test_a_window_ends_where_much_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown of such lines stays in memory until all of it is committed."""
    monkeypatch.setattr(f"{MODULE}.WINDOW_REJECTED", 1)
    blocks = shuffled(b"".join((LOG, b"nonsense\n" * 1000)))
    parts = InOrder(iter(blocks))

    assert all(part.next_line for part in parts)


def test_after_many_events_blocks_come_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By then sorting would take longer than what it spares."""
    monkeypatch.setattr(f"{MODULE}.EARLIER_LINES", 1)
    monkeypatch.setattr(f"{MODULE}.MOST_PARTS", 3)
    blocks = shuffled(LOG)
    pairs = zip(InOrder(iter(blocks)), blocks, strict=True)

    assert all(one is other for one, other in pairs)


def test_windows_are_in_order_and_can_be_committed() -> None:
    """Each ends with the line where the next one starts."""
    blocks = shuffled(LOG)
    parts = list(InOrder(iter(blocks)))
    ends: list[Any] = [
        (part.events["at"].min(), part.events["at"].max()) for part in parts
    ]
    late = [one for one, other in pairwise(ends) if other[0] < one[1]]
    windows = -(-(len(blocks) - 1) // WINDOW_BLOCKS)

    assert parts[0] is blocks[0]
    assert len(late) == windows
    assert sum(part.next_line is not None for part in parts) == 1 + windows
    assert parts[-1].next_line == blocks[-1].next_line


def test_of_a_damaged_log_everything_before_the_damage_comes() -> None:
    """Also when it is found in the middle of a window."""
    blocks = shuffled(LOG)[: WINDOW_BLOCKS - 2]
    parts = InOrder(damaged(blocks))
    found = [next(parts) for _ in blocks]
    with pytest.raises(UnreadableLog):
        next(parts)

    assert describe(found).lines == describe(blocks).lines
    assert found[-1].next_line == blocks[-1].next_line
