"""Sources as one text: ``name=url`` pairs, with commas or spaces between them."""

import re
from typing import Final

from prilavok.domain.sources import check_url

# An address may hold commas, too: only before the next pair do they separate.
BETWEEN: Final = re.compile(r"[,\s]+(?=[^=,\s]+=[a-z]+://)")
NAME: Final = re.compile("[A-Za-z0-9._-]{1,64}")


def read_pairs(text: str) -> dict[str, str]:
    """Return addresses by name, or raise ``ValueError`` that names the bad pair."""
    pairs: dict[str, str] = {}
    for pair in filter(None, BETWEEN.split(text.strip())):
        name, _, url = pair.partition("=")
        if NAME.fullmatch(name) is None or name.lower() in map(str.lower, pairs):
            raise ValueError(f"{pair!r}: not name=url, or a name that stood before.")
        try:
            check_url(url)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        pairs[name] = url
    return pairs
