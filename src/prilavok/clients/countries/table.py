"""The table inside geoip2fast, searched for many addresses at once.

The library looks one address up in ten microseconds, and keeps its table as Python
lists of 60 MB. Here the same table is a few arrays of 12 MB, and an address costs half
a microsecond. https://github.com/rabuchaim/geoip2fast describes the library.
"""

import gzip
import pickle
from collections.abc import Sequence
from importlib.resources import files
from ipaddress import IPv6Address
from itertools import compress
from socket import inet_aton
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

# Both kinds of addresses; the default table knows IPv4 only.
TABLE: Final = "geoip2fast-ipv6.dat.gz"
CODE_LETTERS: Final = 2
# The country of what is in no network, like that of private ones.
NOWHERE: Final = 0
SHORT_BITS: Final = 32
LONG_BITS: Final = 128
LONG_BYTES: Final = 16
LONG: Final = f"S{LONG_BYTES}"
SHORT_END: Final = 2**SHORT_BITS


@final
class CountryTable:
    """Networks in order, each with its country; loading takes a quarter of a second."""

    def __init__(self) -> None:
        """Load it from the package."""
        names, firsts, countries, lengths = _load()
        self._codes = list(map(_code, names))
        self._countries = _joined(countries)
        self._lengths = _joined(lengths)
        # Fixed length and the most significant byte first: ordered as the numbers are.
        packed = [b"".join(map(_long, chunk)) for chunk in firsts]
        longs = np.frombuffer(b"".join(packed), LONG)
        is_short = longs < np.bytes_(_long(SHORT_END))
        self._longs = longs[~is_short]
        self._shorts = longs[is_short].view(">u8")[1::2].astype(np.int64)

    def locate(self, addresses: Sequence[str]) -> list[str | None]:
        """Return their countries; private and unassigned addresses have none."""
        is_short = np.array([":" not in word for word in addresses], np.bool_)
        shorts, longs = (
            list(compress(addresses, chosen)) for chosen in (is_short, ~is_short)
        )
        found = np.zeros(len(addresses), np.int64)
        packed = b"".join(map(inet_aton, shorts))
        found[is_short] = self._find_short(np.frombuffer(packed, ">u4"))
        found[~is_short] = [self._find_long(int(IPv6Address(word))) for word in longs]
        return [self._codes[country] for country in found.tolist()]

    def _find_short(self, words: Any) -> Any:
        numbers = words.astype(np.int64)
        rows = np.searchsorted(self._shorts, numbers, "right") - 1
        sizes = np.left_shift(1, SHORT_BITS - self._lengths[rows].astype(np.int64))
        is_inside = numbers < self._shorts[rows] + sizes
        return np.where(is_inside, self._countries[rows], NOWHERE)

    def _find_long(self, number: int) -> int:
        if number < SHORT_END:
            # The library takes these for addresses of IPv4, and so do we.
            return int(self._find_short(np.array([number]))[0])
        wanted = np.bytes_(_long(number))
        row = int(np.searchsorted(self._longs, wanted, "right")) - 1
        first = int.from_bytes(bytes(self._longs[row]).ljust(LONG_BYTES, b"\0"))
        place = len(self._shorts) + row
        is_inside = number < first + 2 ** (LONG_BITS - int(self._lengths[place]))
        return int(self._countries[place]) if is_inside else NOWHERE


def _load() -> Sequence[Any]:
    """Read the file as the library does, which made it."""
    with files("geoip2fast").joinpath(TABLE).open("rb") as packed:
        parts = pickle.load(gzip.GzipFile(fileobj=packed))[-1]
    return tuple(parts[1:])


def _joined(chunks: Sequence[Sequence[int]]) -> NDArray[np.int16]:
    return np.concatenate([np.array(chunk, np.int16) for chunk in chunks])


def _long(number: int) -> bytes:
    return number.to_bytes(LONG_BYTES)


def _code(name: str) -> str | None:
    """Return the code; private and reserved networks, the first ones, have none."""
    code = name.partition(":")[0]
    return code if len(code) == CODE_LETTERS and code.isalpha() else None
