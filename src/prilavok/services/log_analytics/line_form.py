"""The form of a line, before anything in it is understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np
import polars as pl
from typing_extensions import Self

from prilavok.domain.shop_logs import MAX_LINE_BYTES, Reason
from prilavok.services.log_analytics.blocks import BLANKS, Block, Numbers
from prilavok.services.log_analytics.parsed import (
    BLANK,
    REASONS,
    VALID,
    Verdicts,
)
from prilavok.services.log_analytics.places import Places
from prilavok.services.log_analytics.plain_lines import PlainLines
from prilavok.services.log_analytics.text import Text

HEAD: Final = (
    "^shop_api +[|] [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} "
    r"\[[A-Z0-9]{8}\] INFO: [!-~]+"
)
TAIL: Final = "[!-~]*\r?\n?$"
BLANK_LINE: Final = "^[ \t]*\r?\n?$"
TIME_PLACE: Final = len("| ")
UNFINISHED: Final = REASONS.index(Reason.UNFINISHED)
# So many lines are looked at together: one that is not plainly right has these looked
# at more closely.
TOGETHER: Final = 8192


@final
@dataclass(frozen=True, slots=True)
class Forms:
    """A verdict for each line; ``places`` are those of the valid ones, in order."""

    verdicts: Verdicts
    places: Places

    @classmethod
    def join(cls, parts: "list[Forms]") -> Self:
        """Return those of all parts, one after the other."""
        return cls(
            np.concatenate([part.verdicts for part in parts]),
            Places.join([part.places for part in parts]),
        )


@final
class LineForm:
    """What the lines of one shop look like."""

    def __init__(self, shop_host: str) -> None:
        """Accept the URLs of this host only."""
        self._url = f" https://{shop_host}/"
        self._form = f"{HEAD}{re.escape(self._url)}{TAIL}"

    def read(self, block: Block, text: Text) -> Forms:
        """Tell the lines of the right form from the blank and the rejected ones.

        The last line of a log may be half of one: without an LF it is not looked at.
        """
        parts = list(self._read_parts(block, text))
        if block.rest is not None:
            verdict = UNFINISHED if block.rest.strip(BLANKS) else BLANK
            parts.append(Forms(np.array([verdict], np.int8), Places.none()))
        return Forms.join(parts)

    def _read_parts(self, block: Block, text: Text) -> Iterator[Forms]:
        plain = PlainLines(text.characters, self._url.encode())
        # What a line has behind its end belongs to it, up to the next line.
        bounds = np.append(block.starts, len(text.characters))
        for rows in _find_stretches(block):
            starts, ends = block.starts[rows], block.ends[rows]
            places = plain.find_places(starts, ends)
            if places is None:
                lines = text.cut(bounds[rows.start : rows.stop + 1])
                yield self._look_closely(lines, starts, ends)
            else:
                yield Forms(np.full(len(starts), VALID, np.int8), places)

    def _look_closely(self, lines: pl.Series, starts: Numbers, ends: Numbers) -> Forms:
        verdicts = self._judge(lines, ends - starts)
        rows = np.flatnonzero(verdicts == VALID)
        right = lines.gather(rows)
        rule = right.str.find("|", literal=True).cast(pl.Int64).to_numpy()
        url = right.str.find(self._url, literal=True).cast(pl.Int64).to_numpy()
        starts = starts[rows]
        places = Places(
            time=starts + rule + TIME_PLACE,
            address_end=starts + url,
            path=starts + url + len(self._url),
            path_end=ends[rows],
        )
        return Forms(verdicts, places)

    def _judge(self, lines: pl.Series, sizes: Numbers) -> Verdicts:
        verdicts = np.full(len(lines), VALID, np.int8)
        wrong = np.flatnonzero(~lines.str.contains(self._form).to_numpy())
        is_blank = lines.gather(wrong).str.contains(BLANK_LINE).to_numpy()
        verdicts[wrong] = np.where(is_blank, BLANK, REASONS.index(Reason.SYNTAX))
        is_long = sizes > MAX_LINE_BYTES
        verdicts[is_long & (verdicts != BLANK)] = REASONS.index(Reason.TOO_LONG)
        return verdicts


def _find_stretches(block: Block) -> Iterator[slice]:
    """Yield which lines are looked at together, of all that have an end."""
    whole = len(block.starts) - (block.rest is not None)
    for begin in range(0, whole, TOGETHER):
        yield slice(begin, min(begin + TOGETHER, whole))
