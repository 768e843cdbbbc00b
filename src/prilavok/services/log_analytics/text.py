"""A block's text as arrays that share its memory."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import compute

from prilavok.services.log_analytics.blocks import Characters, Numbers

# A control character, which no valid line holds; it makes any bytes valid UTF-8.
NOT_ASCII: Final = 0x7F


@final
@dataclass(frozen=True, slots=True)
class Words:
    """Many words, few of them different: word ``i`` is ``unique[rows[i]]``."""

    rows: Numbers
    unique: pl.Series


@final
class Text:
    """Characters of a block; what is not ASCII is replaced, byte for byte."""

    def __init__(self, characters: Characters) -> None:
        """Copy only where something has to be replaced."""
        self.characters: Characters = characters
        if characters.max(initial=0) > NOT_ASCII:
            self.characters = np.minimum(characters, NOT_ASCII)
        self._buffer = pa.py_buffer(self.characters)

    def cut(self, places: Numbers) -> pl.Series:
        """Return the strings from each place to the next one."""
        return _to_polars(self._strings(places))

    def find_words(self, starts: Numbers, ends: Numbers) -> Words:
        """Return the words from each start to its end; they follow one another."""
        cuts = np.column_stack((starts, ends)).ravel()
        at_words = pa.array(np.arange(0, len(cuts), 2))
        encoded = compute.take(self._strings(cuts), at_words).dictionary_encode()
        return Words(encoded.indices.to_numpy(), _to_polars(encoded.dictionary))

    def _strings(self, cuts: Numbers) -> Any:
        offsets = pa.py_buffer(cuts.astype(np.int64, copy=False))
        count = max(0, len(cuts) - 1)
        return pa.LargeStringArray.from_buffers(count, offsets, self._buffer)


def _to_polars(strings: Any) -> pl.Series:
    return pl.Series(pl.from_arrow(strings))
