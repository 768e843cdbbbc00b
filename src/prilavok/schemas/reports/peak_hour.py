"""Report 4."""

from typing import final

from marshmallow import Schema, fields

from prilavok.schemas.reports.envelope import ReportSchema


@final
class PeakHourAnswerSchema(Schema):
    """The calendar hour with most requests, named by its beginning."""

    requests = fields.Integer()
    hour = fields.NaiveDateTime()


@final
class DayPeakSchema(Schema):
    """The busiest hour of a day."""

    day = fields.Date()
    requests = fields.Integer()
    hour = fields.NaiveDateTime()


@final
class PeakHourSchema(ReportSchema):
    """Peaks of the days that have requests, in their order."""

    answer = fields.Nested(
        PeakHourAnswerSchema,
        attribute="findings.answer",
        allow_none=True,
    )
    rows = fields.Nested(DayPeakSchema, many=True, attribute="findings.rows")
