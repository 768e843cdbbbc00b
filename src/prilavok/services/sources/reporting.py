"""How sources did, for whoever asked."""

from collections.abc import Iterable

from prilavok.domain.source_items import SourceReport
from prilavok.domain.source_statuses import FINE
from prilavok.services.sources.memory import Asked


def report(asked: Asked) -> SourceReport:
    """Say how asking one source went."""
    target, outcome = asked
    return SourceReport(
        name=target.name,
        status=outcome.status,
        items=len(outcome.items),
        dropped=outcome.dropped,
        elapsed_ms=outcome.elapsed_ms,
        error=outcome.error,
        age_s=outcome.age_s,
    )


def failures(reports: Iterable[SourceReport]) -> str:
    """Name those that did not deliver, in a sentence."""
    failed = [f"{one.name} ({one.status})" for one in reports if one.status not in FINE]
    listed = ", ".join(failed)
    return f"Not all sources delivered: {listed}."
