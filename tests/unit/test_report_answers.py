"""Every report's answer is dumped as its schema says."""

from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType
from typing import Final

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.domain.reports import cart_rows, request_rows
from prilavok.domain.reports.questions import (
    CategoryDays,
    Days,
    PagedDays,
    ReportName,
    ScopedDays,
)
from prilavok.domain.reports.report import DataRange, Findings, Meta, Report
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.reports.catalogue import SHAPES

Types = Mapping[ReportName, type]

# What PostgreSQL's bigint can hold, and orjson.
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(0, 1))
MOMENTS: Final = st.none() | st.datetimes(timezones=st.just(UTC))
PARAMETERS: Final[Types] = MappingProxyType(
    {
        ReportName.COUNTRIES: Days,
        ReportName.CATEGORY_COUNTRIES: CategoryDays,
        ReportName.CATEGORY_HOURS: ScopedDays,
        ReportName.PEAK_HOUR: Days,
        ReportName.BOUGHT_TOGETHER: CategoryDays,
        ReportName.UNPAID_CARTS: PagedDays,
        ReportName.REPEAT_BUYERS: Days,
    },
)
ROWS: Final[Types] = MappingProxyType(
    {
        ReportName.COUNTRIES: request_rows.CountryRequests,
        ReportName.CATEGORY_COUNTRIES: request_rows.CountryViews,
        ReportName.CATEGORY_HOURS: request_rows.PartViews,
        ReportName.PEAK_HOUR: request_rows.DayPeak,
        ReportName.BOUGHT_TOGETHER: cart_rows.CategoryCarts,
        ReportName.UNPAID_CARTS: cart_rows.UnpaidCart,
        ReportName.REPEAT_BUYERS: cart_rows.PurchaseUsers,
    },
)
ANSWERS: Final[Types] = MappingProxyType(
    {
        **ROWS,
        ReportName.UNPAID_CARTS: cart_rows.CartCount,
        ReportName.REPEAT_BUYERS: cart_rows.UserCount,
    },
)


def reports(name: ReportName) -> st.SearchStrategy[Report]:
    """Make up a report of this name."""
    return st.builds(
        Report,
        name=st.just(name),
        parameters=st.builds(PARAMETERS[name]),
        findings=st.builds(
            Findings,
            answer=st.none() | st.builds(ANSWERS[name]),
            rows=st.lists(st.builds(ROWS[name]), max_size=3),
            heatmap=st.lists(st.builds(request_rows.HourViews), max_size=2),
        ),
        meta=st.builds(
            Meta,
            data_range=st.builds(DataRange, imported_at=MOMENTS),
            funnel=st.builds(cart_rows.Funnel),
        ),
    )


@settings(max_examples=20)
@pytest.mark.parametrize("name", ReportName)
@given(draw=st.data())
def test_answers_are_dumped_alike(name: ReportName, draw: st.DataObject) -> None:
    """The compiled dump equals marshmallow's, once written as JSON."""
    report = draw.draw(reports(name))
    schema = SHAPES[name].answer
    compiled = orjson.loads(orjson.dumps(compiled_dump(schema)(report)))

    assert compiled == orjson.loads(orjson.dumps(schema.dump(report)))
