"""Results of sources as Redis has them.

Fields of a source: ``ID:last`` and ``ID:good``, both JSON, both with the address that
was asked: another address is another server, of which they say nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from prilavok.domain.source_items import (
    GoodAnswer,
    SourceItem,
    SourceOutcome,
    SourceTarget,
)
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import LastFetch, Source

LAST: Final = "last"
GOOD: Final = "good"


def field_name(source_id: UUID, kind: str) -> str:
    """Say where one record of a source is."""
    return f"{source_id}:{kind}"


def all_fields(ids: Iterable[UUID]) -> list[str]:
    """Say where all records of these sources are."""
    return [field_name(source_id, kind) for source_id in ids for kind in (LAST, GOOD)]


def write_records(
    asked: Iterable[tuple[SourceTarget, SourceOutcome]],
    at: str,
) -> Mapping[str, bytes]:
    """Return records by field: how asking these sources went at that time."""
    written: dict[str, bytes] = {}
    for target, outcome in asked:
        last = {
            "status": outcome.status,
            "items": len(outcome.items),
            "elapsed_ms": outcome.elapsed_ms,
            "error": outcome.error,
            "at": at,
        }
        written[field_name(target.id, LAST)] = orjson.dumps((target.url, last))
        if outcome.status is SourceStatus.OK:
            items = [tuple(found) for found in outcome.items]
            good = orjson.dumps((target.url, at, items))
            written[field_name(target.id, GOOD)] = good
    return written


def read_last(
    sources: Sequence[Source],
    records: Sequence[bytes | None],
) -> dict[UUID, LastFetch]:
    """Read what came of asking the sources at the addresses that they have now."""
    known = {}
    for source, record in zip(sources, records, strict=True):
        url, last = orjson.loads(record or b"[null,null]")
        if url == source.url:
            at = datetime.fromisoformat(last["at"])
            known[source.id] = LastFetch(**last | {"at": at})
    return known


def read_good(
    targets: Sequence[SourceTarget],
    records: Sequence[bytes | None],
) -> dict[UUID, GoodAnswer]:
    """Read the last good answers that came from the addresses of now."""
    known = {}
    for target, record in zip(targets, records, strict=True):
        url, at, listed = orjson.loads(record or b"[null,null,null]")
        if url == target.url:
            items = tuple(SourceItem(*found) for found in listed)
            known[target.id] = GoodAnswer(items, datetime.fromisoformat(at))
    return known
