"""Numbers of others as texts, for readers whose numbers are floats.

JavaScript and jq 1.6 change what is beyond 2^53, and spreadsheets sooner still.
"""

from dataclasses import dataclass
from typing import Final, final

from aiohttp import web
from marshmallow import Schema, ValidationError

from prilavok.domain.faults import Fault, FaultCode
from prilavok.transport.keys import DROPPED

IDS: Final = "ids"
STRING: Final = "string"
UNKNOWN: Final = Fault(
    f"Only: {STRING}.",
    FaultCode.UNKNOWN_CHOICE,
    {"choices": [STRING]},
)


@final
@dataclass(frozen=True, slots=True)
class TextIds:
    """What an answer looks like with ``ids=string``; ``row``: of its CSV."""

    answer: Schema
    detail: Schema | None = None
    row: Schema | None = None

    def is_wanted(self, request: web.Request) -> bool:
        """Read the parameter, which no schema of a query has to know."""
        request[DROPPED] = (*request.get(DROPPED, ()), IDS)
        wanted = request.query.get(IDS)
        if wanted is not None and wanted != STRING:
            raise ValidationError({"query": {IDS: [UNKNOWN]}})
        return wanted == STRING
