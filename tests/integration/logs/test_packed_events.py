"""Events that come in order are packed, others are not, and nobody can tell."""

import re
from dataclasses import replace
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.known import Horizon
from tests.logs.expected import expected_tables
from tests.logs.importing import bring_in, bring_one, import_service
from tests.logs.made_up import made_up_log
from tests.logs.stored import stored_tables

PACK: Final = 100
PACKS: Final = 20
TAIL: Final = 30
LOG: Final = made_up_log(PACKS * PACK + TAIL)
LINES: Final = LOG.splitlines(keepends=True)
# One line is in a crowd wherever a single event is known.
CROWDED: Final = Horizon(look_back=0, crowd=-2)
KEY: Final = re.compile(rb"\[\w{8}\]")
STORED: Final = text(
    "SELECT (SELECT count(*) FROM packed_events WHERE size = cardinality(visits)), "
    "(SELECT count(*) FROM loose_events)",
)


async def _stored(engine: AsyncEngine) -> tuple[int, int]:
    """Count packs and loose events."""
    async with engine.connect() as connection:
        packs, loose = (await connection.execute(STORED)).one()
        return packs, loose


def _packing(importer: Importer) -> Importer:
    return replace(importer, pack_size=PACK)


async def test_full_packs_and_a_loose_rest(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Reading them together shows every event once."""
    await bring_one(_packing(importer), LOG)

    assert await _stored(engine) == (PACKS, TAIL)
    assert await stored_tables(engine) == expected_tables([LOG])


async def test_what_is_packed_is_known(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """No constraint keeps a line of a pack from coming twice: the import does."""
    packing = _packing(importer)
    later = made_up_log(PACK, seed=1, days=9)
    again = [await bring_one(packing, log) for log in (LOG, LOG + later, later)]

    assert [done.duplicates for done in again] == [0, len(LINES), PACK]
    assert await stored_tables(engine) == expected_tables([LOG, later])


async def test_a_crowd_unpacks_what_it_reaches_and_nothing_else(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Known lines are told from new ones, in packs and in what was in packs."""
    packing = _packing(importer)
    await bring_one(packing, LOG)
    known = LINES[5 * PACK + 50]
    new = KEY.sub(b"[ZZZZZZZZ]", known)
    crowded = replace(packing, horizon=CROWDED)
    done = await bring_in(crowded, known, new, known + new)

    assert [one.inserted for one in done] == [0, 1, 0]
    assert [one.duplicates for one in done] == [1, 0, 2]
    assert await _stored(engine) == (PACKS - 1, TAIL + PACK + 1)
    assert await stored_tables(engine) == expected_tables([LOG, new])


async def test_a_crowd_is_not_packed(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """It would be unpacked soon."""
    crowd = made_up_log(PACKS * PACK, seed=1)
    packing = _packing(importer)
    await bring_one(packing, LOG)
    # Twice as many as come are no crowd, but for what is taken off here.
    nobody = Horizon(crowd=-2 * PACKS * PACK)
    await bring_one(replace(packing, horizon=nobody), crowd)

    packs, loose = await _stored(engine)
    assert packs * PACK + loose == len(LINES) + PACKS * PACK
    assert loose >= PACKS * PACK
    assert await stored_tables(engine) == expected_tables([LOG, crowd])


async def test_a_pack_may_not_reach_over_centuries(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Its times would not fit; the others of the block are packed."""
    early, late = (LINES[0].replace(b"2026", year) for year in (b"0001", b"9999"))
    log = b"".join((early, *LINES[1:], late))
    await bring_one(_packing(importer), log)

    # The first pack begins in the year 1; the last event is in the incomplete one.
    assert await _stored(engine) == (PACKS - 1, PACK + TAIL + 1)
    assert await stored_tables(engine) == expected_tables([log])


async def test_packs_go_with_their_import(
    importer: Importer,
    engine: AsyncEngine,
    store: LogStore,
) -> None:
    """And those of others stay."""
    other = made_up_log(3 * PACK, seed=1)
    gone, _ = await bring_in(_packing(importer), LOG, other)
    await import_service(store).delete(gone.id)

    assert await _stored(engine) == (3, 0)
    assert await stored_tables(engine) == expected_tables([other])
