"""JSON shapes of sources and of what they deliver."""

from types import MappingProxyType
from typing import Any, Final, final

from marshmallow import Schema, fields

from prilavok.domain.source_statuses import MEANINGS
from prilavok.schemas.fields import Timestamp
from prilavok.schemas.numbers import TextInteger
from prilavok.schemas.paging import PageSchema

MEANT: Final = "\n".join(
    f"- `{status.value}`: {meaning}." for status, meaning in MEANINGS.items()
)
STATUS: Final = MappingProxyType[str, Any](
    {
        "description": f"How asking it ended:\n\n{MEANT}",
        "enum": [status.value for status in MEANINGS],
    },
)


@final
class LastFetchSchema(Schema):
    """What came of asking a source the last time; ``items`` counts the valid ones."""

    status = fields.String(metadata=STATUS)
    items = fields.Integer()
    elapsed_ms = fields.Integer()
    error = fields.String(allow_none=True)
    at = Timestamp()


@final
class SourceSchema(Schema):
    """A source."""

    id = fields.UUID()
    name = fields.String()
    url = fields.String()
    timeout_s = fields.Float()
    position = fields.Integer()
    enabled = fields.Boolean()
    has_credential = fields.Boolean()
    version = fields.Integer()
    last = fields.Nested(LastFetchSchema, allow_none=True)


@final
class SourcePageSchema(PageSchema):
    """One page of sources."""

    items = fields.Nested(SourceSchema, many=True)


@final
class SourceItemSchema(Schema):
    """One item."""

    id = fields.Integer()
    name = fields.String()


@final
class SourceReportSchema(Schema):
    """How one source did; ``age_s`` is how old a stale answer is."""

    name = fields.String()
    status = fields.String(metadata=STATUS)
    items = fields.Integer()
    dropped = fields.Integer()
    elapsed_ms = fields.Integer()
    error = fields.String(allow_none=True)
    age_s = fields.Integer(allow_none=True)


@final
class TextSourceItemSchema(Schema):
    """One item with ``ids=string``."""

    id = TextInteger()
    name = fields.String()


class GatheredItemsSchema(Schema):
    """The items of all sources, and how each source did."""

    items = fields.Nested(SourceItemSchema, many=True)
    completed = fields.Boolean()
    sources = fields.Nested(SourceReportSchema, many=True)


@final
class TextGatheredItemsSchema(GatheredItemsSchema):
    """The same with ``ids=string``."""

    items = fields.Nested(TextSourceItemSchema, many=True)
