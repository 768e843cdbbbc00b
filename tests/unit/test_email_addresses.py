"""Mails in one form: docs/security.md, 28."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.domain.email_addresses import EMAIL_MAX_LENGTH, EmailAddress

LABEL: Final = st.from_regex(r"[A-Za-z0-9äÖß]([A-Za-z0-9äÖß-]{0,8}[A-Za-z0-9äÖß])?\Z")
LOCAL: Final = st.from_regex(r"[A-Za-z0-9+_'ÄöИ]{1,20}\Z")


@pytest.mark.parametrize(
    ("given_as", "normalised"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BU\u0308CHER.example", "ann@xn--bcher-kva.example"),
        ("Ю@пример.example", "ю@xn--e1afmkfd.example"),
        ("u\u0308@example.com", "\u00fc@example.com"),
        ("\u0130@example.com", "i\u0307@example.com"),
        ("o'brien+shop@example.com", "o'brien+shop@example.com"),
        ("ann@shop.test", "ann@shop.test"),
    ],
)
def test_one_form(given_as: str, normalised: str) -> None:
    """The original is kept, without the space around it."""
    email = EmailAddress.parse(given_as)

    assert email.normalised == normalised
    assert email.given == given_as.strip()


@given(local=LOCAL, labels=st.lists(LABEL, min_size=1, max_size=3))
def test_form_is_stable(local: str, labels: list[str]) -> None:
    """What was normalised is normal, and case never makes a difference."""
    domain = ".".join((*labels, "com"))
    text = f"{local}@{domain}"
    try:
        once = EmailAddress.parse(text).normalised
    except ValueError:
        return

    assert EmailAddress.parse(once).normalised == once
    assert EmailAddress.parse(f"{local.lower()}@{domain}").normalised == once


@given(st.text(max_size=400))
def test_nothing_else_is_raised(text: str) -> None:
    """Whatever comes is an address or a ``ValueError``, and fits its column."""
    try:
        email = EmailAddress.parse(text)
    except ValueError:
        return

    assert len(email.normalised) <= EMAIL_MAX_LENGTH
    assert len(email.given) <= EMAIL_MAX_LENGTH
    assert email.normalised.isprintable()
