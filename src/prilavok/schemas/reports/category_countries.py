"""Report 2."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.reports.questions import CategoryDays, ReportName
from prilavok.schemas.reports.envelope import (
    CategoryShownSchema,
    CountryMetaSchema,
    ReportSchema,
)
from prilavok.schemas.reports.queries import RangeSchema, category_field


@final
class CategoryCountriesQuery(RangeSchema[CategoryDays]):
    """Which category, by default fresh fish."""

    target = CategoryDays

    category = category_field(ReportName.CATEGORY_COUNTRIES)


@final
class TopViewersSchema(Schema):
    """The country that views the category most."""

    country = fields.String()
    views = fields.Integer()


@final
class CountryViewsSchema(Schema):
    """Views from a country; null: from those nobody could name."""

    country = fields.String(allow_none=True)
    views = fields.Integer()
    visitors = fields.Integer()


@final
class CategoryCountriesSchema(ReportSchema):
    """Views of the category by country, largest first."""

    parameters = fields.Nested(CategoryShownSchema)
    answer = fields.Nested(
        TopViewersSchema,
        attribute="findings.answer",
        allow_none=True,
    )
    rows = fields.Nested(CountryViewsSchema, many=True, attribute="findings.rows")
    meta = fields.Nested(CountryMetaSchema)
