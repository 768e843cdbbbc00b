"""What each report may be asked."""

from datetime import date

import pytest
from marshmallow import ValidationError

from prilavok.domain.errors import NotFound
from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import (
    ReportName,
    Scope,
    ScopedDays,
    find_name,
)
from prilavok.schemas.reports.catalogue import SHAPES


@pytest.mark.parametrize("name", ReportName)
def test_catalogue_tells_the_defaults_of_the_query(name: ReportName) -> None:
    """What the catalogue lists is what the query takes, paging aside."""
    query = SHAPES[name].query
    parsed = query.dump(query.parse({}))
    told = {key: parsed[key] for key in parsed.keys() - {"page", "per_page"}}

    assert told == PARAMETERS[name]
    assert query.parse({"from": "2018-08-01", "to": "2018-08-01"})


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2018-08-02", "to": "2018-08-01"},
        {"to": "2018-02-30"},
        {"to": "20180801"},
        {"to": "2018-W31-3"},
        {"to": "0000-01-01"},
        {"to": "10000-01-01"},
        {"to": ""},
        {"to": "2018-08-01T00:00:00"},
        {"category": "fish"},
        {"page": "1"},
        {"scope": "all"},
    ],
)
def test_malformed_queries_are_refused(query: dict[str, str]) -> None:
    """Days have one form and one order; what a report does not take is refused."""
    with pytest.raises(ValidationError) as refusal:
        SHAPES[ReportName.COUNTRIES].query.parse(query)

    assert list(refusal.value.messages_dict) == [list(query)[-1]]


@pytest.mark.parametrize("category", ["", "Fish", "fish/", "fish\n", "fish1", "рыба"])
def test_malformed_categories_are_refused(category: str) -> None:
    """A category has the form that a path gives it."""
    with pytest.raises(ValidationError):
        SHAPES[ReportName.BOUGHT_TOGETHER].query.parse({"category": category})


def test_calendar_is_used_to_its_ends() -> None:
    """The first and the last day there are can be asked for."""
    query = {"from": "0001-01-01", "to": "9999-12-31", "scope": "goods"}

    assert SHAPES[ReportName.CATEGORY_HOURS].query.parse(query) == ScopedDays(
        first_day=date.min,
        last_day=date.max,
        category="frozen_fish",
        scope=Scope.GOODS,
    )


def test_reports_are_found_by_name_and_number() -> None:
    """Numbers count from 1; nothing else is a report."""
    for number, name in enumerate(ReportName, 1):
        assert find_name(str(number)) is name
        assert find_name(name.value) is name


@pytest.mark.parametrize("unknown", ["0", "8", "01", "", "Countries", "all"])
def test_other_reports_are_unknown(unknown: str) -> None:
    """Names and numbers are taken as they are written."""
    with pytest.raises(NotFound):
        find_name(unknown)
