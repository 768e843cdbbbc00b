"""Names show as they are written, in any script."""

import pytest

from prilavok.domain.names import why_not_shown
from prilavok.schemas.roles import EditRoleSchema
from prilavok.schemas.user_inputs import EditOwnSchema

HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u2028\u2029\u202a\u202e\u2060\u2064\u2066\u2069\u206f\u2800\u3164\ufe0f\ufeff"
    "\uffa0\ufff9\U000110bd\U0001d173\U000e0001\U000e0041\U000e0100\x00\x1b\x7f\x85"
)


@pytest.mark.parametrize("letter", HIDDEN)
def test_names_hold_nothing_invisible(letter: str) -> None:
    """Not alone, not inside, at no end; of users and of roles."""
    for name in (letter, f"A{letter}n", f"{letter}Ann", f"Ann{letter}"):
        assert why_not_shown(name), ascii(name)
        assert EditOwnSchema().validate({"last_name": name}), ascii(name)
        assert EditRoleSchema().validate({"name": name}), ascii(name)


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\u0301", " \u0301\u0302 "])
def test_names_have_something_to_see(name: str) -> None:
    """Accents need a letter to sit on."""
    assert why_not_shown(name)
    assert EditOwnSchema().validate({"first_name": name})


@pytest.mark.parametrize(
    "name",
    [
        "José",
        "O'Neil-Smith, Jr.",
        "李 小龍",
        "Владимир",
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",  # Ali-Reza: ZWNJ
        "\u0915\u094d\u200d\u0937",  # Hindi half form: ZWJ
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sri in Sinhala: ZWJ
        "ນາງ",
        "X Æ A-12",
        "\U0001f600",
    ],
)
def test_names_of_any_script_are_taken(name: str) -> None:
    """With the joiners where the script needs them."""
    assert why_not_shown(name) is None
    assert not EditOwnSchema().validate({"first_name": name})
    assert not EditRoleSchema().validate({"name": name})


def test_names_are_kept_in_one_form() -> None:
    """NFC, and the limit counts what is kept."""
    loaded = EditOwnSchema().load({"first_name": "Jose\u0301" * 10})

    assert loaded == {"first_name": "Jos\u00e9" * 10}
    assert EditOwnSchema().validate({"first_name": "e\u0301" * 51})


def test_mails_of_the_staff_are_normalised_as_players_are() -> None:
    """One form of an internationalised domain, small letters, no space around."""
    written = (" X@M\u00dcNCHEN.de", "x@mu\u0308nchen.de", "x@XN--mnchen-3ya.DE")
    mails = {EditOwnSchema().load({"email": one})["email"] for one in written}

    assert mails == {"x@xn--mnchen-3ya.de"}
    assert EditOwnSchema().load({"email": None}) == {"email": None}
    assert EditOwnSchema().validate({"email": 7}).keys() == {"email"}
