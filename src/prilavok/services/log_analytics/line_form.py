"""The form of a line, before anything in it is understood."""

import re
from dataclasses import dataclass
from typing import Final, final

import numpy as np
import polars as pl

from prilavok.domain.shop_logs import MAX_LINE_BYTES, Reason
from prilavok.services.log_analytics.blocks import Block, Numbers
from prilavok.services.log_analytics.parsed import (
    BLANK,
    REASONS,
    VALID,
    Verdicts,
)

HEAD: Final = (
    "^shop_api +[|] [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} "
    r"\[[A-Z0-9]{8}\] INFO: [!-~]+"
)
TAIL: Final = "[!-~]*\r?\n?$"
BLANK_LINE: Final = "^[ \t]*\r?\n?$"
# From its time on, every line is the same up to its address.
TIME_PLACE: Final = len("| ")
KEY_PLACE: Final = len("2018-08-01 00:28:36 [")
ADDRESS_PLACE: Final = len("2018-08-01 00:28:36 [OOZLQWZC] INFO: ")


@final
@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of many lines stand in their block's text."""

    time: Numbers
    address_end: Numbers
    path: Numbers
    path_end: Numbers

    @property
    def key(self) -> Numbers:
        """Where keys start."""
        return self.time + KEY_PLACE

    @property
    def address(self) -> Numbers:
        """Where addresses start."""
        return self.time + ADDRESS_PLACE


@final
class LineForm:
    """What the lines of one shop look like."""

    def __init__(self, shop_host: str) -> None:
        """Accept the URLs of this host only."""
        self._url = f" https://{shop_host}/"
        self._form = f"{HEAD}{re.escape(self._url)}{TAIL}"

    def judge(self, block: Block, lines: pl.Series) -> Verdicts:
        """Tell the lines of the right form from the blank and the rejected ones."""
        verdicts = np.full(len(lines), VALID, np.int8)
        wrong = np.flatnonzero(~lines.str.contains(self._form).to_numpy())
        is_blank = lines.gather(wrong).str.contains(BLANK_LINE).to_numpy()
        verdicts[wrong] = np.where(is_blank, BLANK, REASONS.index(Reason.SYNTAX))
        is_long = block.ends - block.starts > MAX_LINE_BYTES
        verdicts[is_long & (verdicts != BLANK)] = REASONS.index(Reason.TOO_LONG)
        return verdicts

    def find_places(self, block: Block, lines: pl.Series, rows: Numbers) -> Places:
        """Find the parts of those rows, which have the right form."""
        starts = block.starts[rows]
        right = lines.gather(rows)
        rule = right.str.find("|", literal=True).cast(pl.Int64).to_numpy()
        url = right.str.find(self._url, literal=True).cast(pl.Int64).to_numpy()
        return Places(
            time=starts + rule + TIME_PLACE,
            address_end=starts + url,
            path=starts + url + len(self._url),
            path_end=block.ends[rows],
        )
