"""RFC 9110, 12.5.1: what is preferred of several forms."""

from typing import Final

import pytest
from aiohttp.test_utils import make_mocked_request
from marshmallow import ValidationError

from prilavok.transport.negotiation import choose_form

FIREFOX: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
)
ANGULAR: Final = "application/json, text/plain, */*"
CHOSEN: Final = (
    ("", "json"),
    ("*/*", "json"),
    (FIREFOX, "json"),
    (ANGULAR, "json"),
    ("application/json", "json"),
    ("text/csv", "csv"),
    ("TEXT/CSV", "csv"),
    ("text/csv; charset=utf-8", "csv"),
    ("text/csv;q=1.0", "csv"),
    (" text/csv ;\tq=0.5 ", "csv"),
    ("text/*", "csv"),
    ("text/csv, application/json", "json"),
    ("text/csv, application/json;q=0.9", "csv"),
    ("text/csv, */*;q=0.1", "csv"),
    ("text/csv;q=0.5, */*;q=0.9", "json"),
    ("text/csv;q=0.5, application/json;q=0.4, */*", "csv"),
    ("text/csv;q=0", "json"),
    ("text/csv;q=0, text/*", "json"),
    ("application/json;q=0, */*", "csv"),
    ("image/png, text/csv", "csv"),
    ("image/png", "json"),
    ('text/html;title="a, text/csv"', "json"),
    ('text/csv;header="present;q=0"', "csv"),
    ("text/csv;Q=0.3", "csv"),
    ("text/csv;q=high", "csv"),
    ("text/csv;q=2, application/json", "json"),
    ("text/csvx", "json"),
    (",,;q=1,/,", "json"),
    (";, ;;, ;q=", "json"),
)


@pytest.mark.parametrize(("accept", "form"), CHOSEN)
def test_json_unless_another_form_is_preferred(accept: str, form: str) -> None:
    """Weights, case, lists and wildcards as browsers and libraries send them."""
    request = make_mocked_request("GET", "/", headers={"Accept": accept})

    assert choose_form(request, ("csv",)) == form


def test_several_lines_are_one_list() -> None:
    """As for any header that is a list."""
    lines = [("Accept", "application/json;q=0.1"), ("accept", "text/csv")]
    request = make_mocked_request("GET", "/", headers=lines)

    assert choose_form(request, ("csv",)) == "csv"


def test_no_header_is_json() -> None:
    """Programs that do not care."""
    assert choose_form(make_mocked_request("GET", "/"), ("text",)) == "json"


@pytest.mark.parametrize("form", ["json", "csv", "text"])
def test_parameter_wins(form: str) -> None:
    """A link cannot set a header."""
    headers = {"Accept": "text/csv" if form == "json" else "application/json"}
    request = make_mocked_request("GET", f"/?format={form}", headers=headers)

    assert choose_form(request, ("csv", "text")) == form


@pytest.mark.parametrize("form", ["", "xml", "CSV", "text"])
def test_unknown_form_is_refused(form: str) -> None:
    """Also one that other lists have."""
    request = make_mocked_request("GET", f"/?format={form}")

    with pytest.raises(ValidationError) as refused:
        choose_form(request, ("csv",))
    assert refused.value.messages == {"query": {"format": ["One of: json, csv."]}}


def test_long_headers_cost_time_in_proportion() -> None:
    """Open quotes and thousands of items are read once."""
    for accept in ('"' * 8000, "a," * 4000, "a;" * 4000, '"\\' * 4000):
        request = make_mocked_request("GET", "/", headers={"Accept": accept})

        assert choose_form(request, ("csv",)) == "json"
