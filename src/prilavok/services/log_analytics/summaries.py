"""What a block adds to the summaries; pure.

Events come with at, visitor_id, category_id (0: none), kind and import_id.
"""

from dataclasses import dataclass
from typing import Final, final

import polars as pl

from prilavok.domain.shop_logs import Kind

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
# Numbers of "all categories" and "all kinds".
ALL: Final = 0
HOUR_NAME: Final = "h{0:02}"
HOURS: Final = tuple(
    (pl.col("hour") == hour).sum().alias(HOUR_NAME.format(hour)) for hour in range(24)
)
VISITOR_DAY: Final = ("import_id", "day", "visitor_id")
DAY_HOURS: Final = ("import_id", "category_id", "day", "kind")
EVENTS: Final = pl.len().alias("events")


@final
@dataclass(frozen=True, slots=True)
class Summaries:
    """Rows for the tables of these names; days count from 1970."""

    visitor_days: pl.DataFrame
    category_visitor_days: pl.DataFrame
    day_hours: pl.DataFrame


def summarize(events: pl.DataFrame) -> Summaries:
    """Count events by day and visitor and by hour, views also by category."""
    hour = pl.col("at") % DAY // HOUR
    dated = events.with_columns(day=pl.col("at") // DAY, hour=hour)
    views = dated.filter(pl.col("kind").is_in((Kind.CATEGORY, Kind.GOODS)))
    everything = dated.with_columns(
        category_id=pl.lit(ALL, pl.Int64),
        kind=pl.lit(ALL, pl.Int16),
    )
    return Summaries(
        visitor_days=dated.group_by(VISITOR_DAY).agg(EVENTS),
        category_visitor_days=views.group_by(*VISITOR_DAY, "category_id").agg(EVENTS),
        day_hours=pl.concat(
            part.group_by(DAY_HOURS).agg(HOURS) for part in (everything, views)
        ),
    )
