"""Imports as JSON."""

from marshmallow import Schema, fields

from prilavok.domain.imports import ImportState
from prilavok.schemas.fields import Timestamp


class CheckedLogSchema(Schema):
    """A log that was only looked at."""

    name = fields.String(required=True)
    lines = fields.Integer(required=True)
    valid = fields.Integer(required=True)
    rejected = fields.Integer(required=True)


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
