"""Holding the service's answers against the oracle's."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import ReportName
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.reports.catalogue import SHAPES
from prilavok.services.log_analytics.reports import ReportService
from tests.oracle.question import Log
from tests.oracle.ranking import Document
from tests.oracle.reports import tell

PAGE: Final = 200
NO_QUERY: Final[Mapping[str, str]] = {}


async def ask(
    service: ReportService,
    name: ReportName,
    query: Mapping[str, str],
) -> Document:
    """Ask with what fits of the query, and answer with the JSON of HTTP."""
    shape = SHAPES[name]
    fitting = {key: query[key] for key in PARAMETERS[name].keys() & query.keys()}
    if name is ReportName.UNPAID_CARTS:
        fitting["per_page"] = str(PAGE)
    report = await service.get_report(name, shape.query.parse(fitting))
    document: Document = orjson.loads(orjson.dumps(compiled_dump(shape.answer)(report)))
    return document


async def check(
    service: ReportService,
    log: Log,
    query: Mapping[str, str] = NO_QUERY,
) -> None:
    """Ask all seven reports; every value must be the oracle's."""
    for name in ReportName:
        document = await ask(service, name, query)
        assert _comparable(document) == tell(log, name, document["parameters"]), name


def _comparable(document: dict[str, Any]) -> Document:
    told = ("answer", "rows", "heatmap", "meta")
    kept = {member: document[member] for member in told if member in document}
    ours = {"imported_at", "country_source", "unresolved"}
    meta = kept["meta"]
    kept["meta"] = {member: meta[member] for member in meta.keys() - ours}
    return kept
