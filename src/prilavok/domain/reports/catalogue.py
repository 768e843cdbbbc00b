"""Which parameters each report takes, with what holds when none is given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from prilavok.domain.reports.questions import ReportName, Scope

Parameters: TypeAlias = Mapping[str, str | None]

# None: from the first, to the last day of the log.
DAYS: Final[Parameters] = MappingProxyType({"from": None, "to": None})
PARAMETERS: Final = MappingProxyType[ReportName, Parameters](
    {
        ReportName.COUNTRIES: DAYS,
        ReportName.CATEGORY_COUNTRIES: {**DAYS, "category": "fresh_fish"},
        ReportName.CATEGORY_HOURS: {
            **DAYS,
            "category": "frozen_fish",
            "scope": Scope.CATEGORY.value,
        },
        ReportName.PEAK_HOUR: DAYS,
        ReportName.BOUGHT_TOGETHER: {**DAYS, "category": "semi_manufactures"},
        ReportName.UNPAID_CARTS: DAYS,
        ReportName.REPEAT_BUYERS: DAYS,
    },
)
