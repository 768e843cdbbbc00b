"""Which row comes first, and what the first one answers."""

from collections import Counter
from typing import Any, TypeAlias, TypeVar

Document: TypeAlias = dict[str, Any]
NameT = TypeVar("NameT", str, str | None)


def ranked(counts: Counter[NameT]) -> list[NameT]:
    """Put the largest first, then by name, the nameless last of its equals."""
    return sorted(
        counts,
        key=lambda name: (-counts[name], name is None, name or ""),
    )


def pick(rows: list[Document], *names: str) -> Document | None:
    """Make the answer of the first row, or none where nothing was counted."""
    return {name: rows[0][name] for name in names} if rows else None
