"""What the service's parser makes of a log, in the words of the reference parser."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final

from prilavok.domain.shop_logs import Kind
from prilavok.services.log_analytics.blocks import BLOCK_BYTES, read_blocks
from prilavok.services.log_analytics.parsed import ParsedBlock
from prilavok.services.log_analytics.parser import LogParser
from tests.logs.reference_parser import Carried, Log, Refusal, Request

PARSER: Final = LogParser("all_to_the_bottom.com")
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EPOCH: Final = datetime(1970, 1, 1)


def parse_log(log: bytes, block_bytes: int = BLOCK_BYTES) -> Log:
    """Parse it in blocks of about this size."""
    return describe(parse_blocks(log, block_bytes))


def parse_blocks(log: bytes, block_bytes: int) -> list[ParsedBlock]:
    """Parse it, and leave the blocks as they are."""
    return [PARSER.parse(block) for block in read_blocks(BytesIO(log), block_bytes)]


def describe(blocks: Sequence[ParsedBlock]) -> Log:
    """Tell what blocks say, one after the other."""
    return Log(
        sum(block.lines for block in blocks),
        [request for block in blocks for request in _requests(block)],
        [
            Refusal(refused.line, refused.reason.value)
            for block in blocks
            for refused in block.rejected
        ],
    )


def _requests(block: ParsedBlock) -> list[Request]:
    paths = block.paths.rows(named=True)
    return [
        Request(
            EPOCH + timedelta(microseconds=row["at"]),
            _key(row["key"]),
            block.addresses[row["address"]],
            Kind(paths[row["path"]]["kind"]).name,
            block.pages["path"][paths[row["path"]]["page"]],
            Carried(*(paths[row["path"]][name] for name in Carried._fields)),
        )
        for row in block.events.iter_rows(named=True)
    ]


def _key(number: int) -> str:
    characters = ""
    for _ in range(8):
        number, digit = divmod(number, len(DIGITS))
        characters = DIGITS[digit] + characters
    return characters
