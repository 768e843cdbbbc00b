"""Long arrays on their way to PostgreSQL."""

from collections.abc import Iterable

import polars as pl


def array_text(members: Iterable[object]) -> str:
    """Write an array for a ``$1::text::type[]``, of numbers, addresses and the like.

    asyncpg looks at each member of a list several times; PostgreSQL reads the text in a
    tenth of that. Members must have no characters that arrays take for their own.
    """
    return f"{{{_listed(members)}}}"


def _listed(members: Iterable[object]) -> str:
    if isinstance(members, pl.Series):
        listed: str = members.cast(pl.String).str.join(",").item()
        return listed
    return ",".join(map(str, members))
