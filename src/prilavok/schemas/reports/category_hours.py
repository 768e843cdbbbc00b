"""Report 3."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.reports.questions import ReportName, Scope, ScopedDays
from prilavok.domain.reports.request_rows import DayPart
from prilavok.schemas.reports.envelope import CategoryShownSchema, ReportSchema
from prilavok.schemas.reports.queries import RangeSchema, category_field


@final
class CategoryHoursQuery(RangeSchema[ScopedDays]):
    """Which category, by default frozen fish, and which of its pages."""

    target = ScopedDays

    category = category_field(ReportName.CATEGORY_HOURS)
    scope = fields.Enum(Scope, by_value=fields.String, load_default=Scope.CATEGORY)


@final
class ScopeShownSchema(CategoryShownSchema):
    """The days, the category and the pages that were asked for."""

    scope = fields.Enum(Scope, by_value=fields.String)


@final
class PartViewsSchema(Schema):
    """Views in a part of the day."""

    part = fields.Enum(DayPart, by_value=fields.String)
    views = fields.Integer()


@final
class HourViewsSchema(Schema):
    """Views in an hour, 0 to 23, of a weekday; Monday is 1."""

    weekday = fields.Integer()
    hour = fields.Integer()
    views = fields.Integer()


@final
class CategoryHoursSchema(ReportSchema):
    """Views of the category by part of day, and by weekday and hour."""

    parameters = fields.Nested(ScopeShownSchema)
    answer = fields.Nested(
        PartViewsSchema,
        attribute="findings.answer",
        allow_none=True,
    )
    rows = fields.Nested(PartViewsSchema, many=True, attribute="findings.rows")
    heatmap = fields.Nested(HourViewsSchema, many=True, attribute="findings.heatmap")
