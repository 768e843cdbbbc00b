"""Lines that are plainly right, told by comparing characters; many at once.

Nearly all lines of a log begin alike and have the same characters at the same places.
Comparing these takes a fifth of what a regular expression does. What is not plainly
right may still be right: it is for ``LineForm`` to say.
"""

import re
from typing import Any, Final, final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from prilavok.domain.shop_logs import MAX_LINE_BYTES
from prilavok.services.log_analytics.blocks import Characters, Numbers
from prilavok.services.log_analytics.places import ADDRESS_PLACE, KEY_PLACE, Places

BEGINNING: Final = re.compile(b"shop_api +[|] ")
# From its time to its address a line has these characters. A zero stands for any digit,
# an A for any digit or letter.
HEAD: Final = b"0000-00-00 00:00:00 [AAAAAAAA] INFO: "
KEY: Final = slice(KEY_PLACE, KEY_PLACE + HEAD.count(b"A"))
DIGITS: Final = 10
LETTERS: Final = 26
# Of IPv4; longer ones are not plain.
LONGEST_ADDRESS: Final = len("255.255.255.255")
SPACE: Final = ord(" ")
FIRST_VISIBLE: Final = ord("!")
VISIBLE: Final = ord("~") - FIRST_VISIBLE + 1
WORD: Final = 8
# The lowest character at each place of the head, and how many may stand there.
LOW: Final = np.frombuffer(HEAD, np.uint8).reshape(-1, 1)
COUNT: Final = np.where(ord("0") == LOW, np.uint8(DIGITS), np.uint8(1))


@final
class PlainLines:
    """Tells whether lines of one text are plainly right."""

    def __init__(self, text: Characters, url: bytes) -> None:
        """Expect this between address and path."""
        self._text = text
        self._url = url

    def find_places(self, starts: Numbers, ends: Numbers) -> Places | None:
        """Find the parts of these lines, which follow one another.

        None where any of them is not plainly right.
        """
        first = self._text[starts[0] : ends[0]].tobytes()
        beginning = BEGINNING.match(first)
        if beginning is None or not self._have_room(starts, ends, beginning.end()):
            return None
        time = starts + beginning.end()
        address_end = self._find_address_end(time)
        places = Places(time, address_end, address_end + len(self._url), ends)
        is_plain = (
            self._all_have(beginning[0], starts)
            and self._have_heads(time)
            and self._have_urls(places)
            and self._have_no_more_spaces(beginning[0], starts, ends)
        )
        return places if is_plain else None

    def _have_room(self, starts: Numbers, ends: Numbers, beginning: int) -> bool:
        """Tell whether nothing is looked for behind a line, and none is too long."""
        rest = max(LONGEST_ADDRESS + 1, len(self._url) + 1)
        sizes = ends - starts
        is_long = sizes.max() > MAX_LINE_BYTES
        return not is_long and bool(sizes.min() >= beginning + len(HEAD) + rest)

    def _find_address_end(self, time: Numbers) -> Numbers:
        """Return where the first space stands behind the address begins.

        Where there is none so near, that is too far for a space to be there.
        """
        is_before = np.ones(len(time), np.bool_)
        sizes = np.zeros(len(time), np.uint8)
        for column in self._columns(time + ADDRESS_PLACE, LONGEST_ADDRESS):
            is_before &= column != SPACE
            sizes += is_before
        return time + ADDRESS_PLACE + sizes

    def _have_heads(self, time: Numbers) -> bool:
        columns = self._columns(time, len(HEAD))
        is_right = columns - LOW < COUNT
        key = columns[KEY]
        is_right[KEY] = (key - ord("0") < DIGITS) | (key - ord("A") < LETTERS)
        return bool(is_right.all())

    def _have_urls(self, places: Places) -> bool:
        has_address = places.address < places.address_end
        is_inside = has_address & (places.path <= places.path_end)
        return bool(is_inside.all()) and self._all_have(self._url, places.address_end)

    def _have_no_more_spaces(
        self, beginning: bytes, starts: Numbers, ends: Numbers
    ) -> bool:
        """Tell whether what cannot be seen stands only where it must.

        Every line has as many spaces as it needs; so it is enough to count.
        """
        between = ends[-1] - starts[0] - (ends - starts).sum()
        needed = (beginning + HEAD + self._url).count(b" ")
        text = self._text[starts[0] : ends[-1]]
        seen = np.count_nonzero(text - np.uint8(FIRST_VISIBLE) < VISIBLE)
        return bool(len(text) - seen == between + needed * len(starts))

    def _all_have(self, wanted: bytes, places: Numbers) -> bool:
        """Tell whether these characters, a word or more, stand at all places."""
        last = len(wanted) - WORD
        for begin in (*range(0, last, WORD), last):
            word = np.frombuffer(wanted, np.uint64, 1, begin)
            if (self._cut(places + begin, np.uint64) != word).any():
                return False
        return True

    def _columns(self, places: Numbers, size: int) -> Characters:
        """Return so many characters at these places, a row for each that comes n-th."""
        characters = self._cut(places, f"S{size}").view(np.uint8)
        return np.ascontiguousarray(characters.reshape(-1, size).T)

    def _cut(self, places: Numbers, kind: DTypeLike) -> NDArray[Any]:
        """Return what stands at these places, taken for something of a kind."""
        dtype = np.dtype(kind)
        count = len(self._text) - dtype.itemsize + 1
        return np.ndarray((count,), dtype, self._text, strides=(1,))[places]
