"""What every report's answer has."""

from typing import final

from marshmallow import Schema, fields

from prilavok.schemas.fields import Timestamp


class MetaSchema(Schema):
    """The data behind the answer."""

    events = fields.Integer(attribute="data_range.events")
    first_day = fields.Date(
        attribute="data_range.first_day",
        data_key="from",
        allow_none=True,
    )
    last_day = fields.Date(
        attribute="data_range.last_day",
        data_key="to",
        allow_none=True,
    )
    imported_at = Timestamp(attribute="data_range.imported_at", allow_none=True)
    country_source = fields.String()
    unresolved = fields.Integer(attribute="data_range.unresolved")
    orphans = fields.Integer(attribute="data_range.orphans")


@final
class CountryMetaSchema(MetaSchema):
    """The data behind a report by country."""

    unknown_requests = fields.Integer(attribute="unknown", data_key="unknown")


class DaysShownSchema(Schema):
    """The days that were asked for; null: as far as the log goes."""

    first_day = fields.Date(data_key="from", allow_none=True)
    last_day = fields.Date(data_key="to", allow_none=True)


class CategoryShownSchema(DaysShownSchema):
    """The days and the category that were asked for."""

    category = fields.String()


class ReportSchema(Schema):
    """Which report this is and what it was asked; each adds its answer and rows."""

    report = fields.String(attribute="name.value")
    number = fields.Integer(attribute="name.number")
    question = fields.String()
    parameters = fields.Nested(DaysShownSchema)
    meta = fields.Nested(MetaSchema)
