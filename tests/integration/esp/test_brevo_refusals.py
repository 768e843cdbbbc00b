"""The several ways in which Brevo says no."""

from typing import Any, Final, TypeAlias

import pytest

from prilavok.clients.email_provider.opening import open_provider
from prilavok.domain.esp import (
    EspAnswer,
    EspMisconfigured,
    EspOutage,
    EspRateLimited,
    EspState,
)
from tests.esp.serving import Canned, serving

KEY: Final = "xkeysib-0123"
Documents: TypeAlias = tuple[Any, ...]
KNOWN_FORMS: Final[Documents] = (
    {
        "code": "duplicate_parameter",
        "message": "Unable to create contact, email is already associated",
        "metadata": {"duplicate_identifiers": ["email"]},
    },
    {"code": "duplicate_parameter", "message": "Contact already exist"},
    {
        "code": "invalid_parameter",
        "message": "Unable to create contact",
        "metadata": {"duplicate_identifiers": ["SMS", "EMAIL"]},
    },
    {"code": "invalid_parameter", "message": "Contact already exist"},
)
MISCONFIGURED: Final[Documents] = (
    {"code": "invalid_parameter", "message": "List ID does not exist"},
    {"code": "not_enough_credits", "message": "Not enough credits for email"},
    {"code": "missing_parameter", "message": "email is missing"},
    {
        "code": "invalid_parameter",
        "message": "Unable to create contact",
        "metadata": {"duplicate_identifiers": ["SMS"]},
    },
)
NONSENSE: Final[Documents] = (
    [],
    {},
    {"code": 7, "message": "x"},
    {"code": "invalid_parameter", "message": None},
    {"code": "invalid_parameter", "message": {"email": 1}},
)


async def answer_to(canned: Canned) -> EspAnswer:
    """Ask a Brevo that answers thus, once."""
    async with serving(canned.app()) as url:
        try:
            async with open_provider("brevo", url, None, KEY, None, 5) as provider:
                return await provider.ensure_contact("ann@example.com")
        finally:
            assert canned.calls == 1


@pytest.mark.parametrize("refusal", KNOWN_FORMS)
async def test_every_form_of_a_duplicate_is_known(refusal: Any) -> None:
    """That of May 2026, the one before, and the one before that."""
    assert await answer_to(Canned(refusal)) == EspAnswer(EspState.KNOWN)


@pytest.mark.parametrize("refusal", MISCONFIGURED)
async def test_other_refusals_cost_no_email(refusal: Any) -> None:
    """A wrong list or an empty account is not the player's fault."""
    with pytest.raises(EspMisconfigured):
        await answer_to(Canned(refusal))


@pytest.mark.parametrize("refusal", NONSENSE)
async def test_nonsense_is_an_outage(refusal: Any) -> None:
    """Whatever its types."""
    with pytest.raises(EspOutage):
        await answer_to(Canned(refusal))


@pytest.mark.parametrize("status", [429, 425])
async def test_its_own_headers_tell_when_to_come_back(status: int) -> None:
    """There is no Retry-After at Brevo."""
    with pytest.raises(EspRateLimited) as caught:
        await answer_to(Canned({}, status, {"x-sib-ratelimit-reset": "42"}))

    assert caught.value.retry_after == 42


async def test_the_last_answer_of_a_budget_counts() -> None:
    """After it nothing is asked until the budget is whole again."""
    spent = {"x-sib-ratelimit-remaining": "0", "x-sib-ratelimit-reset": "7"}
    brevo = Canned({"id": 1}, 201, spent)
    async with (
        serving(brevo.app()) as url,
        open_provider("brevo", url, None, KEY, None, 5) as provider,
    ):
        answer = await provider.ensure_contact("ann@example.com")
        with pytest.raises(EspRateLimited) as caught:
            await provider.ensure_contact("bob@example.com")

    assert (answer.state, brevo.calls) == (EspState.CREATED, 1)
    assert 1 <= caught.value.retry_after <= 7
