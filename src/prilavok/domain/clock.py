"""What time it is."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Tell the time, aware, in UTC."""
    return datetime.now(UTC)
