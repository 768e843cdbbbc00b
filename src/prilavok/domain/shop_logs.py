"""Words of shop logs: what a line may be, and why it may be refused."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum, unique
from typing import Final, final

MAX_LINE_BYTES: Final = 8192
SHOWN_BYTES: Final = 512


@unique
class Kind(IntEnum):
    """What a request asks for; the numbers are stored."""

    INDEX = 1
    CATEGORY = 2
    GOODS = 3
    CART = 4
    PAY = 5
    SUCCESS = 6
    OTHER = 7


@unique
class Reason(StrEnum):
    """Why a line is no event; the first that applies, in this order."""

    UNFINISHED = "unfinished"
    TOO_LONG = "too_long"
    SYNTAX = "syntax"
    BAD_DATE = "bad_date"
    BAD_ADDRESS = "bad_ip"


# Lines are rejected for what they say then, and not for their form.
NOT_FOR_FORM: Final = (Reason.BAD_DATE, Reason.BAD_ADDRESS)


@final
@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that is no event; ``line`` counts from 1, blank lines included.

    ``text`` is its beginning, safe to show in a terminal and to store as text.
    """

    line: int
    reason: Reason
    text: str


def show_safely(raw: bytes) -> str:
    """Return the first 512 bytes as text; what cannot be printed is escaped."""
    text = raw[:SHOWN_BYTES].decode(errors="backslashreplace")
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()
