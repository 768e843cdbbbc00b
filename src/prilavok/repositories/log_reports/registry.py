"""All reports by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prilavok.domain.reports.questions import ReportName
from prilavok.repositories.log_reports.bought_together import BOUGHT_TOGETHER
from prilavok.repositories.log_reports.category_countries import CATEGORY_COUNTRIES
from prilavok.repositories.log_reports.category_hours import CATEGORY_HOURS
from prilavok.repositories.log_reports.countries import COUNTRIES
from prilavok.repositories.log_reports.log_report import LogReport
from prilavok.repositories.log_reports.peak_hour import PEAK_HOUR
from prilavok.repositories.log_reports.repeat_buyers import REPEAT_BUYERS
from prilavok.repositories.log_reports.unpaid_carts import UNPAID_CARTS

REPORTS: Final[Mapping[ReportName, LogReport]] = MappingProxyType(
    {
        report.name: report
        for report in (
            COUNTRIES,
            CATEGORY_COUNTRIES,
            CATEGORY_HOURS,
            PEAK_HOUR,
            BOUGHT_TOGETHER,
            UNPAID_CARTS,
            REPEAT_BUYERS,
        )
    },
)
