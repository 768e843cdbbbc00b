"""What each report may be asked."""

from typing import Any, Generic, TypeVar, final

from marshmallow import ValidationError, fields, validates_schema

from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import (
    CATEGORY_PATTERN,
    Days,
    ReportName,
)
from prilavok.schemas.base import InputSchema
from prilavok.schemas.checks import Regexp
from prilavok.schemas.fields import Day

DaysT = TypeVar("DaysT", bound=Days)


class RangeSchema(InputSchema[DaysT], Generic[DaysT]):
    """What every report may be asked: from which day to which, both inclusive."""

    first_day = Day(data_key="from", load_default=None)
    last_day = Day(data_key="to", load_default=None)

    @validates_schema
    def check_order(self, days: dict[str, Any], **kwargs: Any) -> None:
        """Refuse a range that ends before it begins."""
        first, last = days["first_day"], days["last_day"]
        if first and last and last < first:
            raise ValidationError("Must not be before `from`.", "to")


@final
class DaysSchema(RangeSchema[Days]):
    """Query of the reports that need no more than days."""

    target = Days


def category_field(report: ReportName) -> fields.String:
    """Let the report be asked about any category, by default its own."""
    return fields.String(
        load_default=PARAMETERS[report]["category"],
        validate=Regexp(
            rf"{CATEGORY_PATTERN}\Z",
            error="A category has small letters a to z and underscores only.",
        ),
    )
