"""What a block adds to the summaries; pure.

Events come with at, visitor_id, category_id (0: none), kind and import_id.
"""

from typing import Final

import polars as pl

from prilavok.domain.shop_logs import Kind
from prilavok.repositories.binary_copy import EncodedRows
from prilavok.repositories.log_imports.summaries import encode_summaries

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


def summarize(events: pl.DataFrame) -> tuple[EncodedRows, ...]:
    """Count events by day and visitor and by hour, views also by category."""
    hour = pl.col("at") % DAY // HOUR
    dated = events.with_columns(day=pl.col("at") // DAY, hour=hour)
    views = dated.filter(pl.col("kind").is_in((Kind.CATEGORY, Kind.GOODS)))
    everything = dated.with_columns(
        category_id=pl.lit(ALL, pl.Int64),
        kind=pl.lit(ALL, pl.Int16),
    )
    return encode_summaries(
        visitor_days=dated.group_by(VISITOR_DAY).agg(EVENTS),
        category_visitor_days=views.group_by(*VISITOR_DAY, "category_id").agg(EVENTS),
        day_hours=pl.concat(
            part.group_by(DAY_HOURS).agg(HOURS) for part in (everything, views)
        ),
    )
