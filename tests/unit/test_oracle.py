"""The oracle answers as a person with paper and pencil would."""

from ipaddress import ip_address
from typing import Any, Final

import pytest

from tests.oracle.cart_reports import bought_together, repeat_buyers, unpaid_carts
from tests.oracle.lines import write_log
from tests.oracle.question import Log, Question, read_log
from tests.oracle.request_reports import (
    category_countries,
    category_hours,
    countries,
    peak_hour,
)

ANN: Final = "1.1.1.1"
BOB: Final = "2.2.2.2"
CAT: Final = "2001:db8::1"


def cart_line(goods_id: int, cart_id: int) -> str:
    """Write the path of a cart line."""
    return f"/cart?goods_id={goods_id}&amount=1&cart_id={cart_id}"


@pytest.fixture
def log() -> Log:
    """Three visitors: Ann pays twice, Bob without a pay line, Cat not at all."""
    return read_log(
        write_log(
            f"2018-08-01 05:59:59 1 {ANN} /fish/cod/",
            f"2018-08-01 06:00:00 2 {ANN} {cart_line(1, 10)}",
            f"2018-08-01 06:00:01 3 {ANN} /meat/",
            f"2018-08-01 06:00:02 4 {ANN} {cart_line(9, 10)}",
            f"2018-08-01 06:00:03 5 {ANN} /pay?user_id=7&cart_id=10",
            f"2018-08-01 06:00:04 6 {ANN} /success_pay_10/",
            f"2018-08-01 06:00:05 7 {ANN} /success_pay_10/",
            f"2018-08-02 12:00:00 1 {BOB} /meat/ham/",
            f"2018-08-02 12:00:01 2 {BOB} {cart_line(2, 11)}",
            f"2018-08-02 12:00:01 2 {BOB} /meat/",
            f"2018-08-02 12:00:02 3 {BOB} {cart_line(1, 11)}",
            f"2018-08-02 12:00:03 4 {BOB} /success_pay_11/",
            f"2018-08-02 13:00:00 1 {ANN} {cart_line(2, 12)}",
            f"2018-08-02 13:00:01 2 {ANN} /success_pay_12/",
            f"2018-08-03 23:59:59 1 {CAT} /meat/",
            f"2018-08-03 23:59:59 2 {CAT} {cart_line(2, 13)}",
            f"2018-08-03 23:59:59 3 {CAT} /pay?user_id=7&cart_id=13",
            f"2018-08-04 00:00:00 1 {CAT} /success_pay_99/",
            f"2018-02-30 00:00:00 1 {CAT} /",
            "2018-08-04 00:00:00 1 1.1.1.01 /",
        ),
        {ip_address(ANN): "DE", ip_address(CAT): "AT"},
    )


def answer(report: dict[str, Any]) -> Any:
    """Return what the report answers."""
    return report["answer"]


def test_requests(log: Log) -> None:
    """Reports 1 to 4: Bob has no country, so he never wins."""
    question = Question(log, category="meat")

    assert answer(countries(question)) == {"country": "DE", "requests": 9}
    assert countries(question)["meta"] == {
        "events": 17,
        "from": "2018-08-01",
        "to": "2018-08-04",
        "orphans": 1,
        "unknown": 4,
    }
    assert category_countries(question)["rows"] == [
        {"country": "AT", "views": 1, "visitors": 1},
        {"country": "DE", "views": 1, "visitors": 1},
        {"country": None, "views": 1, "visitors": 1},
    ]
    assert answer(category_hours(question)) == {"part": "morning", "views": 1}
    assert answer(peak_hour(question)) == {"requests": 6, "hour": "2018-08-01T06:00:00"}


def test_carts(log: Log) -> None:
    """Reports 5 to 7: id 1 is fish, id 2 is meat, id 9 was never seen before."""
    question = Question(log, category="meat")

    assert bought_together(question)["rows"] == [
        {"category": "fish", "carts": 1, "share": 0.5},
    ]
    assert unpaid_carts(question)["rows"] == [
        {
            "cart_id": 13,
            "created_at": "2018-08-03T23:59:59",
            "visitor": CAT,
            "lines": 1,
        },
    ]
    assert unpaid_carts(question)["meta"]["funnel"] == {
        "carts": 4,
        "with_pay": 2,
        "paid": 3,
    }
    assert repeat_buyers(question)["rows"] == [
        {"purchases": 1, "users": 1},
        {"purchases": 2, "users": 1},
    ]
