"""The parser reads what the format says, however the log is cut."""

from io import BytesIO
from time import process_time
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from prilavok.domain.shop_logs import show_safely
from prilavok.services.log_analytics.blocks import read_blocks
from tests.logs.genuine import genuine_log
from tests.logs.parsed_log import PARSER, parse_log
from tests.logs.reference_parser import read_log
from tests.logs.strategies import logs

VALID: Final = (
    b"shop_api      | 2018-08-01 00:28:36 [OOZLQWZC] INFO: 121.165.118.201 "
    b"https://all_to_the_bottom.com/cart?goods_id=8&amount=1&cart_id=8642\n"
)


@given(log=logs(), block_bytes=st.integers(1, 400))
@settings(max_examples=300)
@example(log=b"%b%b\r\n%b" % (VALID, b" " * 40_000, VALID), block_bytes=100)
@example(log=b"%b%b\r\n%b" % (VALID, b"x" * 40_000, VALID[:-1]), block_bytes=100)
def test_every_cut_of_every_log_is_read_like_the_reference(
    log: bytes,
    block_bytes: int,
) -> None:
    """Events, rejected lines, their numbers and reasons agree with the slow parser."""
    assert parse_log(log, block_bytes) == read_log(log)


@pytest.mark.parametrize("character", [b" ", b"\0", b"\x7f", b"5", b"Z", b"/", b"\r"])
def test_no_wrong_character_among_right_lines_is_overlooked(character: bytes) -> None:
    """Wherever it stands: lines are compared many at once, and seen one by one."""
    for place, _ in enumerate(VALID):
        log = VALID + VALID[:place] + character + VALID[place + 1 :] + VALID
        assert parse_log(log) == read_log(log)


def test_genuine_log_is_read_like_the_reference() -> None:
    """All of its lines are events."""
    log = genuine_log()
    parsed = parse_log(log, 100_000)

    assert parsed == read_log(log)
    assert (parsed.lines, parsed.refusals) == (24_284, [])


@pytest.mark.parametrize(
    "piece",
    [
        VALID,
        b"1\n".rjust(1000),
        VALID[:-1],
        b"shop_api".ljust(500),
        b"\n",
        b"1.1.1." * 100,
    ],
)
def test_time_grows_with_the_log_and_no_faster(piece: bytes) -> None:
    """Twice as much never takes 2.5 times as long, for any kind of line."""
    once = piece * (4_000_000 // len(piece)) + b"\n"
    twice = once * 2
    parse_seconds(once)
    # By turns, so that a slow moment of the machine strikes both.
    seconds = [(parse_seconds(once), parse_seconds(twice)) for _ in range(3)]
    fastest, fastest_of_twice = map(min, zip(*seconds))

    assert fastest_of_twice < 2.5 * fastest + 0.05


def test_beginning_of_a_rejected_line_is_safe_to_show() -> None:
    """Nothing of it acts on a terminal or is refused by the database."""
    shown = show_safely("\x1b[2J\0\r\u043a\u202e".encode().ljust(600, b"\xff"))

    assert shown.startswith(r"\x1b[2J\x00\r\u043a\u202e".replace(r"\u043a", "\u043a"))
    assert shown.endswith(r"\xff")
    assert shown.isprintable()


def parse_seconds(log: bytes) -> float:
    """Return how long parsing takes, without making the rejected lines' text."""
    started = process_time()
    for block in read_blocks(BytesIO(log)):
        PARSER.parse(block)
    return process_time() - started
