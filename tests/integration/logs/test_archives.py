"""Packed logs, told by their first bytes; damaged ones end as failed."""

import gzip
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Final

import pyarrow
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.imports import ImportState
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from tests.logs.expected import expected_tables
from tests.logs.importing import bring_one
from tests.logs.made_up import made_up_log
from tests.logs.stored import stored_tables

LINES: Final = 3000
LOG: Final = made_up_log(LINES)
PACKED: Final = MappingProxyType(
    {
        "gzip": gzip.compress(LOG),
        "zstd": pyarrow.compress(LOG, codec="zstd", asbytes=True),
        "two members": b"".join(map(gzip.compress, (LOG[:70_000], LOG[70_000:]))),
    }
)


@pytest.mark.parametrize("packing", PACKED)
async def test_packed_log_is_unpacked(
    importer: Importer,
    engine: AsyncEngine,
    packing: str,
) -> None:
    """Nothing but the bytes tells how it is packed."""
    done = await bring_one(importer, PACKED[packing])

    assert (done.state, done.inserted) == (ImportState.SUCCEEDED, LINES)
    assert done.bytes_done == done.bytes_total == len(PACKED[packing])
    assert await stored_tables(engine) == expected_tables([LOG])


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
async def test_cut_archive_fails_and_can_be_deleted(
    importer: Importer,
    imports: ImportService,
    engine: AsyncEngine,
    packing: str,
) -> None:
    """The error says what is wrong; what came before it stays until then."""
    importer = replace(importer, block_bytes=50_000)
    failed = await bring_one(importer, PACKED[packing][:-9])
    await imports.delete(failed.id)
    left = await stored_tables(engine)

    assert (failed.state, bool(failed.error)) == (ImportState.FAILED, True)
    assert failed.lines == failed.inserted + failed.duplicates + failed.rejected
    assert not any(left.values())


async def test_of_a_cut_archive_in_no_order_what_came_before_stays(
    importer: Importer,
    engine: AsyncEngine,
) -> None:
    """Also those lines that were still to be sorted when the end was found missing."""
    lines = LOG.splitlines(keepends=True)
    Random(0).shuffle(lines)
    importer = replace(importer, block_bytes=20_000)
    failed = await bring_one(importer, gzip.compress(b"".join(lines))[:-9])
    before = b"".join(lines[: failed.lines])

    assert failed.state is ImportState.FAILED
    assert failed.inserted == failed.lines
    assert failed.lines > LINES // 2
    assert await stored_tables(engine) == expected_tables([before])


async def test_damaged_archive_is_no_log(importer: Importer) -> None:
    """A few wrong bytes in the middle are enough."""
    packed = PACKED["gzip"]
    failed = await bring_one(importer, b"\0\1\2".join((packed[:5000], packed[5003:])))

    assert failed.state is ImportState.FAILED
