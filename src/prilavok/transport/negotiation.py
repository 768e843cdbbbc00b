"""In which form a client wants what can be had in several (RFC 9110, 12.5.1)."""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, NamedTuple, final

from aiohttp import hdrs, web
from marshmallow import ValidationError

from prilavok.domain.faults import Fault, FaultCode
from prilavok.transport.keys import DROPPED

# The query parameter for those who cannot set a header, such as links.
FORMAT: Final = "format"
JSON_FORM: Final = "json"
CSV_FORM: Final = "csv"
TEXT_FORM: Final = "text"
MEDIA: Final = MappingProxyType[str, str](
    {
        JSON_FORM: "application/json",
        CSV_FORM: "text/csv",
        TEXT_FORM: "text/plain",
    }
)
# Commas and semicolons in quotes separate nothing; possessive: looks at a byte once.
LISTED: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++')
PART: Final = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+"?)++')
WEIGHT: Final = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z", re.ASCII)
ALL: Final = "*"


@final
class Range(NamedTuple):
    """A media range of ``Accept`` with its weight."""

    kind: str
    subtype: str
    weight: float

    def specificity(self, media: str) -> int:
        """Tell how exactly this means the media type; 0: not at all."""
        kind, _, subtype = media.partition("/")
        if (self.kind, self.subtype) == (ALL, ALL):
            return 1
        if self.kind != kind:
            return 0
        if self.subtype == ALL:
            return 2
        return 3 if self.subtype == subtype else 0


def choose_form(request: web.Request, forms: tuple[str, ...]) -> str:
    """Choose ``json`` or one of the other forms that the route has.

    The query parameter ``format`` wins; by ``Accept`` it is JSON unless another form
    is preferred to it. An unknown ``format`` is a ``ValidationError``.
    """
    if not forms:
        return JSON_FORM
    offered = (JSON_FORM, *forms)
    request[DROPPED] = (FORMAT,)
    wanted = request.query.get(FORMAT)
    if wanted is None:
        return _preferred(request, offered)
    if wanted not in offered:
        known = ", ".join(offered)
        fault = Fault(
            f"One of: {known}.",
            FaultCode.UNKNOWN_CHOICE,
            {"choices": list(offered)},
        )
        raise ValidationError({"query": {FORMAT: [fault]}})
    return wanted


def is_by_link(request: web.Request) -> bool:
    """Tell whether the form was chosen by ``format``, as people do."""
    return FORMAT in request.query


def _preferred(request: web.Request, offered: tuple[str, ...]) -> str:
    ranges = tuple(_ranges(",".join(request.headers.getall(hdrs.ACCEPT, ()))))
    # Of equals the first, which is JSON.
    return max(offered, key=lambda form: _weight(ranges, MEDIA[form]))


def _weight(ranges: tuple[Range, ...], media: str) -> float:
    """Take the weight of the most specific range that means the media type."""
    found = max(
        ranges,
        key=lambda one: (one.specificity(media), one.weight),
        default=None,
    )
    return found.weight if found is not None and found.specificity(media) else 0


def _ranges(accept: str) -> Iterator[Range]:
    for listed in LISTED.findall(accept):
        parts = [part.strip().lower() for part in PART.findall(listed)]
        kind, _, subtype = "".join(parts[:1]).partition("/")
        yield Range(kind.strip(), subtype.strip(), _read_weight(parts[1:]))


def _read_weight(parameters: list[str]) -> float:
    """Read ``q``; one that is no weight counts like none."""
    for parameter in parameters:
        name, _, weight = parameter.partition("=")
        if name.strip() == "q" and WEIGHT.match(weight.strip()):
            return float(weight)
    return 1
