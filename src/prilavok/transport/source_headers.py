"""What the headers of an answer say about the sources behind it."""

from collections.abc import Iterable, Mapping
from typing import Final

from aiohttp import hdrs

from prilavok.domain.source_items import GatheredItems, SourceReport

# What the OpenAPI document says of them.
SOURCE_HEADERS: Final = (
    ("X-Sources-Completed", "true when every source that is switched on delivered."),
    ("Server-Timing", "Milliseconds and status of each source, as many as fit."),
    ("Age", "With stale answers: how many seconds old the oldest is."),
)
# Clients refuse header lines of 8 KiB, and two hundred sources would make one.
TIMING_MAX_LENGTH: Final = 4000


def source_headers(gathered: GatheredItems) -> Mapping[str, str]:
    """Tell whether all is there, how long each source took, how old stale parts are."""
    headers = {"X-Sources-Completed": str(gathered.completed).lower()}
    timing = _timing(gathered.sources)
    if timing:
        headers["Server-Timing"] = timing
    if not gathered.completed:
        headers[hdrs.CACHE_CONTROL] = "no-store"
    ages = [source.age_s for source in gathered.sources if source.age_s is not None]
    if ages:
        headers[hdrs.AGE] = str(max(ages))
    return headers


def _timing(sources: Iterable[SourceReport]) -> str:
    """Write one metric a source, in their order, as many as fit."""
    metrics = ""
    for source in sources:
        metric = f'{source.name};dur={source.elapsed_ms};desc="{source.status}"'
        longer = f"{metrics}, {metric}" if metrics else metric
        if len(longer) > TIMING_MAX_LENGTH:
            break
        metrics = longer
    return metrics
