"""Texts of Mailman's 400s: only those about the email cost the email."""

from collections.abc import AsyncIterator

import pytest

from prilavok.clients.email_provider.opening import open_provider
from prilavok.domain.esp import EspMisconfigured, EspOutage, EspState
from tests.esp.serving import Canned, serving

# What the real one said of two creators at once.
RACE = (
    "(raised as a result of Query-invoked autoflush) (sqlite3.IntegrityError) "
    "UNIQUE constraint failed: address.email [parameters: ('ann@example.com',)]"
)


@pytest.fixture
async def said(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Run a Mailman that refuses in these words; give its address."""

    document = {"title": "400 Bad Request", "description": request.param}
    async with serving(Canned(document).app()) as url:
        yield url


@pytest.mark.parametrize("said", [RACE, "", "Something new"], indirect=True)
async def test_an_error_of_its_own_is_an_outage(said: str) -> None:
    """It may pass, and its text is no place for an email."""
    async with open_provider("mailman", said, "u", "p", "game.x.com", 5) as provider:
        with pytest.raises(EspOutage) as caught:
            await provider.ensure_contact("ann@example.com")
    assert "ann@" not in str(caught.value)


@pytest.mark.parametrize("said", ["No such list"], indirect=True)
async def test_a_wrong_list_is_the_operators_business(said: str) -> None:
    """No email is refused for it."""
    async with open_provider("mailman", said, "u", "p", "game.x.com", 5) as provider:
        with pytest.raises(EspMisconfigured):
            await provider.ensure_contact("ann@example.com")


@pytest.mark.parametrize("said", ["Membership is banned"], indirect=True)
async def test_a_banned_email_is_refused_for_good(said: str) -> None:
    """In Mailman's words."""
    async with open_provider("mailman", said, "u", "p", "game.x.com", 5) as provider:
        answer = await provider.ensure_contact("ann@example.com")
    assert (answer.state, answer.error) == (EspState.REJECTED, "Membership is banned")
