"""Every report's query and answer, and the list of them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast, final

from marshmallow import Schema, fields

from prilavok.domain.reports.questions import ReportName
from prilavok.schemas.base import InputSchema
from prilavok.schemas.reports import (
    bought_together,
    category_countries,
    category_hours,
    countries,
    peak_hour,
    repeat_buyers,
    unpaid_carts,
)
from prilavok.schemas.reports.envelope import ReportSchema
from prilavok.schemas.reports.queries import DaysSchema


@final
@dataclass(frozen=True, slots=True)
class ReportShape:
    """What a report is asked and what it answers."""

    query: InputSchema[Any]
    answer: ReportSchema

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the fields of a row, in their order."""
        return tuple(self.row.dump_fields)

    @property
    def row(self) -> Schema:
        """Return the shape of one row."""
        rows = cast(fields.Nested, self.answer.fields["rows"])
        # The field's own schema is one of many rows.
        return type(rows.schema)()


DAYS: Final = DaysSchema()
SHAPES: Final[Mapping[ReportName, ReportShape]] = MappingProxyType(
    {
        ReportName.COUNTRIES: ReportShape(DAYS, countries.CountriesSchema()),
        ReportName.CATEGORY_COUNTRIES: ReportShape(
            category_countries.CategoryCountriesQuery(),
            category_countries.CategoryCountriesSchema(),
        ),
        ReportName.CATEGORY_HOURS: ReportShape(
            category_hours.CategoryHoursQuery(),
            category_hours.CategoryHoursSchema(),
        ),
        ReportName.PEAK_HOUR: ReportShape(DAYS, peak_hour.PeakHourSchema()),
        ReportName.BOUGHT_TOGETHER: ReportShape(
            bought_together.BoughtTogetherQuery(),
            bought_together.BoughtTogetherSchema(),
        ),
        ReportName.UNPAID_CARTS: ReportShape(
            unpaid_carts.UnpaidCartsQuery(),
            unpaid_carts.UnpaidCartsSchema(),
        ),
        ReportName.REPEAT_BUYERS: ReportShape(
            DAYS,
            repeat_buyers.RepeatBuyersSchema(),
        ),
    },
)


@final
class ReportQuestionSchema(Schema):
    """One report, what it answers, and its parameters with their defaults."""

    number = fields.Integer(attribute="name.number")
    name = fields.String(attribute="name.value")
    question = fields.String()
    parameters = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
    )


@final
class CatalogueSchema(Schema):
    """All reports, by number."""

    items = fields.Nested(ReportQuestionSchema, many=True)
