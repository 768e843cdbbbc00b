"""Long arrays on their way to PostgreSQL."""

from collections.abc import Iterable


def array_text(members: Iterable[object]) -> str:
    """Write an array for a ``$1::text::type[]``, of numbers, addresses and the like.

    asyncpg looks at each member of a list several times; PostgreSQL reads the text in a
    tenth of that. Members must have no characters that arrays take for their own.
    """
    listed = ",".join(map(str, members))
    return f"{{{listed}}}"
