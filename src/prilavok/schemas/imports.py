"""Imports as JSON."""

from typing import Final, final

from marshmallow import Schema, fields

from prilavok.domain.import_jobs import BringPath, ListImports, ListRejected
from prilavok.domain.imports import ImportState
from prilavok.domain.paging import DEFAULT_PER_PAGE
from prilavok.domain.shop_logs import Reason
from prilavok.schemas.base import InputSchema
from prilavok.schemas.checks import Length, Range
from prilavok.schemas.fields import MAX_NUMBER, Number, Timestamp
from prilavok.schemas.paging import PER_PAGE, PagedSchema, PageSchema

MAX_PATH: Final = 4096


class CheckedLogSchema(Schema):
    """A log that was only looked at."""

    name = fields.String(required=True)
    lines = fields.Integer(required=True)
    valid = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)


class ImportSchema(Schema):
    """A log that was brought in; ``bytes_total`` may not be known yet."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = fields.Enum(ImportState, by_value=True, required=True)
    bytes_total = fields.Integer(required=True, allow_none=True)
    bytes_done = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    inserted = fields.Integer(required=True)
    duplicates = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    started_at = Timestamp(required=True, allow_none=True)
    finished_at = Timestamp(required=True, allow_none=True)
    lines_per_second = fields.Float(required=True, allow_none=True)


@final
class BringPathSchema(InputSchema[BringPath]):
    """A file inside LOG_IMPORT_DIR."""

    target = BringPath

    path = fields.String(required=True, validate=Length(1, MAX_PATH))


@final
class ListImportsSchema(PagedSchema[ListImports]):
    """Query of the list of imports."""

    target = ListImports

    state = fields.Enum(ImportState, by_value=True, load_default=None)


@final
class ListRejectedSchema(InputSchema[ListRejected]):
    """Query of rejected lines: those behind a line."""

    target = ListRejected

    after = Number(load_default=0, validate=Range(0, MAX_NUMBER))
    limit = Number(load_default=DEFAULT_PER_PAGE, validate=PER_PAGE)


@final
class ImportPageSchema(PageSchema):
    """One page of the imports."""

    items = fields.Nested(ImportSchema, many=True)


@final
class RejectedLineSchema(Schema):
    """A line that is no event; ``text`` is its beginning."""

    line = fields.Integer()
    reason = fields.Enum(Reason, by_value=True)
    text = fields.String()


@final
class RejectedStretchSchema(Schema):
    """Some rejected lines."""

    items = fields.Nested(RejectedLineSchema, many=True)
    next = fields.String(allow_none=True)
