"""JSON shapes of countries."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.countries import CountryFailure
from prilavok.schemas.fields import Timestamp


@final
class CountryStatusSchema(Schema):
    """Who tells countries, who waits for that, and what is wrong."""

    source = fields.String(allow_none=True)
    unresolved = fields.Integer()
    failure = fields.Enum(CountryFailure, by_value=fields.String, allow_none=True)
    error = fields.String(allow_none=True)
    failures = fields.Integer()
    retry_at = Timestamp(allow_none=True)
    answers_since = Timestamp(allow_none=True)
