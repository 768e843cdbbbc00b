"""Countries by their two letters, ISO 3166 alpha-2, and as numbers in summaries."""

from typing import Final

UNKNOWN: Final = 0
LETTERS: Final = 2


def country_number(code: str | None) -> int:
    """Return ``256 * first + second`` of the letters' ASCII codes; 0 for None."""
    return UNKNOWN if code is None else int.from_bytes(code.encode("ascii"), "big")


def country_code(number: int) -> str | None:
    """Return the two letters of a country's number; None for 0."""
    return number.to_bytes(LETTERS, "big").decode("ascii") if number else None
