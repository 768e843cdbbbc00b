"""What names and passwords may be. Number 13 of docs/security.md."""

from time import perf_counter
from typing import Final

import pytest
from marshmallow import ValidationError

from prilavok.domain.password_policy import common_passwords, is_common
from prilavok.schemas.user_inputs import EditOwnSchema, check_password

LONG: Final = 50_000
TIMES: Final = 10
# A tenfold name takes ten times as long, or a hundred times where time is squared.
MAX_RATIO: Final = 60


def errors_of(name: str) -> object:
    """Tell what is wrong with a name."""
    return EditOwnSchema().validate({"first_name": name}).get("first_name")


@pytest.mark.parametrize(
    "name",
    [
        "A",
        " A",
        "A ",
        "O'Neil",
        "Jos\u00e9 Mar\u00eda",
        "\u674e",
        "\u00a0x\u00a0",
        "x" * 50,
    ],
)
def test_names_have_something_to_see(name: str) -> None:
    """Any letters, and spaces around them."""
    assert errors_of(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u00a0\u3000",
        "A\nB",
        "\nA",
        "A\n",
        "A\t",
        "A\x00",
        "A\x7f",
        "A\x85",
        "\x9fA",
    ],
)
def test_names_stay_on_one_line(name: str) -> None:
    """No control characters, nothing invisible."""
    assert errors_of(name)


@pytest.mark.parametrize("letters", ["a", " ", " a"])
def test_long_names_are_refused_in_linear_time(letters: str) -> None:
    """24: a tenfold name takes about ten times as long, whatever it holds."""
    seconds = []
    for length in (LONG, TIMES * LONG):
        name = f"{letters * length}\n"
        tries = []
        for _ in range(5):
            started = perf_counter()
            assert errors_of(name)
            tries.append(perf_counter() - started)
        seconds.append(min(tries))

    assert seconds[1] / seconds[0] < MAX_RATIO


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "12345678",
        "iloveyou",
        "Qwertyuiop",
        "1234567",
        "x" * 129,
    ],
)
def test_weak_passwords_are_refused(password: str) -> None:
    """Too short, too long, or among the 3,000 that come first to mind."""
    with pytest.raises(ValidationError):
        check_password(password)


@pytest.mark.parametrize("password", ["x1y2z3w4", "\u2603" * 8, " " * 8, "a" * 128])
def test_nothing_else_is_asked_of_passwords(password: str) -> None:
    """No rules of composition."""
    check_password(password)


def test_list_holds_three_thousand() -> None:
    """Compared without regard to case."""
    assert len(common_passwords()) == 3000
    assert is_common("TrustNo1")
    assert not is_common("correct horse battery")
