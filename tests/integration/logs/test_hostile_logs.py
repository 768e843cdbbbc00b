"""Whatever a log holds, good lines come in, bad ones are counted, nothing breaks."""

from dataclasses import replace
from itertools import count, islice, product
from string import ascii_lowercase
from types import MappingProxyType
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.imports import ImportState
from prilavok.services.log_analytics.importer import Importer
from tests.logs.expected import expected_tables
from tests.logs.importing import Watcher, in_memory
from tests.logs.made_up import made_up_log
from tests.logs.reference_parser import read_log
from tests.logs.stored import stored_tables

GOOD: Final = made_up_log(60)
LINES: Final = GOOD.splitlines(keepends=True)
HEAD: Final = (
    b"shop_api      | 2018-08-01 00:28:36 [OOZLQW%02d] INFO: 8.8.8.8 "
    b"https://all_to_the_bottom.com/"
)
LONG: Final = 5_000_000
# A byte that is no UTF-8, a key, a slash, a line's end at every distance.
NOISE: Final = bytes(range(256)) * 300
WRONG_DATES: Final = b"".join(
    LINES[0].replace(b"2026-02-27", date)
    for date in (b"2026-02-30", b"2026-13-01", b"0000-01-01", b"9999-12-31", b"1-1-1")
)
PATHS: Final = (
    b"'; DROP TABLE events; --",
    b"<script>alert(1)</script>/",
    b"cart?goods_id=1&amount=1&cart_id=1;DELETE",
    b"../../etc/passwd",
    b"%00",
    b"$1",
    b"{}",
)
# More categories than an entry of a B-tree has room for, each seen before its goods.
CATEGORIES: Final = 3000
VIEW: Final = (
    "shop_api      | 2026-03-02 {0}:00 [V{1:07}] INFO: 8.8.4.4 "
    "https://all_to_the_bottom.com/{2}/goods/\n"
)
CHOICE: Final = (
    "shop_api      | 2026-03-02 {0}:30 [C{1:07}] INFO: 8.8.4.4 "
    "https://all_to_the_bottom.com/cart?goods_id={1}&amount=1&cart_id=7777777\n"
)


def full_cart() -> bytes:
    """Put goods of very many categories into one cart."""
    letters = map("".join, product(ascii_lowercase, repeat=3))
    minutes = (f"{minute // 60 % 24:02}:{minute % 60:02}" for minute in count())
    chosen = enumerate(islice(zip(minutes, letters), CATEGORIES), 1)
    return "".join(
        line.format(minute, number, category)
        for number, (minute, category) in chosen
        for line in (VIEW, CHOICE)
    ).encode()


HOSTILE: Final = MappingProxyType(
    {
        "noise": NOISE,
        "UTF-16": GOOD.decode().encode("utf-16"),
        "NUL": GOOD.replace(b" INFO", b"\0INFO", 20),
        "5 MB line": b"%b\n" % b"".ljust(LONG, b"x"),
        "5 MB of spaces": b"%b\n" % b"".ljust(LONG),
        "5 MB path": HEAD % 11 + b"".ljust(LONG, b"a") + b"\n",
        "glued": GOOD.replace(b"\n", b"", 7),
        "cut": b"".join(line[: 7 * place] + b"\n" for place, line in enumerate(LINES)),
        "empty lines": b"\n" * 100_000,
        "wrong dates": WRONG_DATES,
        "SQL and scripts": b"".join(
            HEAD % place + path + b"\n" for place, path in enumerate(PATHS)
        ),
        "long names": HEAD % 11 + b"a" * 4000 + b"/" + b"b" * 4000 + b"/\n",
        "a full cart": full_cart(),
        "addresses": b"".join(
            LINES[0].replace(LINES[0].split()[6], word)
            for word in (b"1.2.3", b"1.2.3.4.5", b"::1%lo", b"999.1.1.1", b"::" * 2000)
        ),
    },
)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_good_lines_among_hostile_ones_come_in(
    importer: Importer,
    engine: AsyncEngine,
    kind: str,
) -> None:
    """Also where a block is cut anywhere between them."""
    log = b"".join((GOOD, HOSTILE[kind], b"\n", made_up_log(40, seed=1)))
    known = read_log(log)
    watcher = Watcher()
    importer = replace(importer, block_bytes=50_000)
    done = await importer.run(in_memory(log), watcher)

    assert done.state is ImportState.SUCCEEDED
    assert (done.lines, done.rejected) == (known.lines, len(known.refusals))
    assert [one.line for one in watcher.rejected] == [
        one.line for one in known.refusals
    ]
    assert done.inserted + done.duplicates == len(known.requests)
    assert await stored_tables(engine) == expected_tables([log])
