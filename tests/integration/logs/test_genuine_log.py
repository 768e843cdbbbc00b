"""However the genuine log is cut, ordered, repeated or spoilt: the same tables."""

from random import Random
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from tests.logs.expected import expected_tables
from tests.logs.genuine import genuine_log, pieces
from tests.logs.importing import bring_in
from tests.logs.stored import stored_tables

BROKEN: Final = (b"\n", b"\0\xff\r\n", b"shop_api | what?\n", b" \t\n", b"")


def halves(log: bytes) -> list[bytes]:
    """Cut between two lines, in the middle."""
    middle = log.index(b"\n", len(log) // 2) + 1
    return [log[:middle], log[middle:]]


def spoilt(log: bytes) -> bytes:
    """Mix lines among the good ones that are none."""
    random = Random(8)
    lines = log.splitlines(keepends=True)
    return b"".join(line + random.choice(BROKEN) for line in lines)


def shuffled(log: bytes) -> bytes:
    """Put the lines in any order."""
    lines = log.splitlines(keepends=True)
    Random(9).shuffle(lines)
    return b"".join(lines)


@pytest.mark.parametrize(
    "arrangement",
    ["whole", "twice", "halves", "halves_reversed", "pieces", "spoilt", "shuffled"],
)
async def test_tables_are_the_same_however_the_log_comes(
    importer: Importer,
    engine: AsyncEngine,
    arrangement: str,
) -> None:
    """They are those that plain Python computes from the whole log."""
    log = genuine_log()
    arranged = {
        "whole": [log],
        "twice": [log, log],
        "halves": halves(log),
        "halves_reversed": list(reversed(halves(log))),
        "pieces": pieces(log),
        "spoilt": [spoilt(log)],
        "shuffled": [shuffled(log)],
    }[arrangement]
    done = await bring_in(importer, *arranged)

    assert await stored_tables(engine) == expected_tables([log])
    assert sum(one.inserted for one in done) == 24_284


async def test_deleted_halves_leave_nothing_and_come_back(
    importer: Importer,
    imports: ImportService,
    engine: AsyncEngine,
) -> None:
    """Without the first half all is as if only the second had come."""
    first, second = halves(genuine_log())
    one, two = await bring_in(importer, first, second)
    await imports.delete(one.id)
    left = await stored_tables(engine)
    await imports.delete(two.id)
    nothing = await stored_tables(engine)
    await bring_in(importer, second, first)

    assert left == expected_tables([second])
    assert not any(nothing.values())
    assert await stored_tables(engine) == expected_tables([first, second])
