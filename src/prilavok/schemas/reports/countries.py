"""Report 1."""

from typing import final

from marshmallow import Schema, fields

from prilavok.schemas.reports.envelope import CountryMetaSchema, ReportSchema


class TopCountrySchema(Schema):
    """The country that most requests come from."""

    country = fields.String()
    requests = fields.Integer()


@final
class CountryRequestsSchema(Schema):
    """Requests from a country; null: from those nobody could name."""

    country = fields.String(allow_none=True)
    requests = fields.Integer()
    visitors = fields.Integer()


@final
class CountriesSchema(ReportSchema):
    """Requests by country, largest first."""

    answer = fields.Nested(
        TopCountrySchema,
        attribute="findings.answer",
        allow_none=True,
    )
    rows = fields.Nested(CountryRequestsSchema, many=True, attribute="findings.rows")
    meta = fields.Nested(CountryMetaSchema)
