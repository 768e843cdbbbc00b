"""From a block of lines to events and rejected lines; pure, in linear time.

A regular expression decides which lines have the right form. What stands at fixed
places is then read by numpy; addresses and paths are looked at once each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prilavok.domain.shop_logs import Reason
from prilavok.services.log_analytics.addresses import read_addresses
from prilavok.services.log_analytics.blocks import Block, ByteSource, read_blocks
from prilavok.services.log_analytics.fixed_places import read_keys, read_times
from prilavok.services.log_analytics.line_form import LineForm
from prilavok.services.log_analytics.parsed import (
    BLANK,
    IDENTITY,
    REASONS,
    VALID,
    ParsedBlock,
    Rejections,
    Verdicts,
)
from prilavok.services.log_analytics.paths import Paths, read_paths
from prilavok.services.log_analytics.places import Places
from prilavok.services.log_analytics.recognition import (
    describe_other_file,
    has_log_lines,
)
from prilavok.services.log_analytics.resuming import from_line
from prilavok.services.log_analytics.text import Text

BAD_DATE: Final = REASONS.index(Reason.BAD_DATE)
BAD_ADDRESS: Final = REASONS.index(Reason.BAD_ADDRESS)


@final
class LogParser:
    """Reads the lines of one shop's log."""

    def __init__(self, shop_host: str) -> None:
        """Accept the URLs of this host only."""
        self._shop_host = shop_host
        self._form = LineForm(shop_host)

    def parse_log(
        self,
        log: ByteSource,
        block_bytes: int,
        first_line: int = 1,
    ) -> Iterator[ParsedBlock]:
        """Parse the lines from this one on, counted from 1, as they are asked for.

        Raises what reading raises.
        """
        return map(self.parse, from_line(first_line, read_blocks(log, block_bytes)))

    def has_log_lines(self, rejected: Rejections) -> bool:
        """Tell whether any of them has the form of the log's, or may be half of one."""
        return has_log_lines(rejected)

    def describe_other_file(self, beginning: bytes) -> str:
        """Say what a file looks like that has no line of the log, and what to do."""
        return describe_other_file(beginning, self._shop_host)

    def parse(self, block: Block) -> ParsedBlock:
        """Tell of every line whether it is an event, and of events what they say."""
        text = Text(block.text)
        forms = self._form.read(block, text)
        verdicts = forms.verdicts
        found = _read(text, forms.places)
        verdicts[verdicts == VALID] = found.verdicts
        events = _only(found.events, found.verdicts == VALID)
        return ParsedBlock(
            events=events,
            distinct=_without_repeats(events),
            addresses=found.addresses,
            paths=found.paths.carried,
            pages=found.paths.pages,
            lines=int((verdicts != BLANK).sum()),
            rejected=Rejections.find(block, verdicts),
            next_line=block.first_line + len(block.starts),
        )


@final
@dataclass(frozen=True, slots=True)
class _Found:
    """What stands on lines of the right form, and whether it exists."""

    events: pl.DataFrame
    addresses: pl.Series
    paths: Paths
    verdicts: Verdicts


def _read(text: Text, places: Places) -> _Found:
    at, is_time = read_times(text.characters, places.time)
    words = text.find_words(places.address, places.address_end)
    addresses = read_addresses(words.unique)
    is_address = addresses.is_not_null().to_numpy()[words.rows]
    asked = text.find_words(places.path, places.path_end)
    row = {
        "at": at,
        "key": read_keys(text.characters, places.key),
        "address": words.rows,
        "path": asked.rows,
    }
    return _Found(
        events=pl.DataFrame(row),
        addresses=addresses,
        paths=read_paths(asked.unique),
        verdicts=np.select((~is_time, ~is_address), (BAD_DATE, BAD_ADDRESS), VALID),
    )


def _only(events: pl.DataFrame, is_valid: NDArray[np.bool_]) -> pl.DataFrame:
    """Return the same frame, not a copy, where all are valid."""
    return events if is_valid.all() else events.filter(is_valid)


def _without_repeats(events: pl.DataFrame) -> pl.DataFrame:
    """Return the same frame, not a copy, where nothing is repeated."""
    # Keys are random: where each is there once, nothing else need be compared. numpy
    # sorts numbers faster than anybody counts them.
    keys = np.sort(events["key"].to_numpy())
    if (np.diff(keys) != 0).all():
        return events
    return events.unique(IDENTITY, keep="first", maintain_order=True)
