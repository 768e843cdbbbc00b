"""Report 5."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.reports.questions import CategoryDays, ReportName
from prilavok.schemas.reports.envelope import CategoryShownSchema, ReportSchema
from prilavok.schemas.reports.queries import RangeSchema, category_field


@final
class BoughtTogetherQuery(RangeSchema[CategoryDays]):
    """Which category, by default semi-manufactures."""

    target = CategoryDays

    category = category_field(ReportName.BOUGHT_TOGETHER)


@final
class TopCompanionSchema(Schema):
    """The category that is most often bought together with the one asked for."""

    category = fields.String()
    carts = fields.Integer()


@final
class CategoryCartsSchema(Schema):
    """Paid carts with both; ``share`` of those with the one asked for, 0 to 1."""

    category = fields.String()
    carts = fields.Integer()
    share = fields.Float()


@final
class BoughtTogetherSchema(ReportSchema):
    """Categories that are bought together with one, largest first."""

    parameters = fields.Nested(CategoryShownSchema)
    answer = fields.Nested(
        TopCompanionSchema,
        attribute="findings.answer",
        allow_none=True,
    )
    rows = fields.Nested(CategoryCartsSchema, many=True, attribute="findings.rows")
