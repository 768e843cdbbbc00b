"""Brevo: its own client as the oracle, and its several ways to say no."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import pytest
from aiohttp import web
from brevo import AsyncBrevo
from httpx import AsyncClient

from prilavok.clients.email_provider.opening import open_provider
from prilavok.domain.esp import (
    EspAnswer,
    EspMisconfigured,
    EspOutage,
    EspRateLimited,
    EspState,
)
from tests.integration.esp.recording import Recorder

KEY: Final = "xkeysib-0123"
# What a header of the two may differ in: names of the programs, and packing.
THEIR_OWN: Final = frozenset(("user-agent", "accept", "accept-encoding", "connection"))
EMAILS: Final = ("ann@example.com", "o'brien+game@example.com", "почта@пример.example")


def comparable(headers: Mapping[str, str]) -> dict[str, str]:
    """Leave out what names the program and not the wish."""
    return {
        name: text
        for name, text in headers.items()
        if name not in THEIR_OWN and not name.startswith("x-fern-")
    }


async def ask_as_brevo(url: str, client: AsyncClient, email: str) -> None:
    """Ask both questions with Brevo's own client."""
    contacts = AsyncBrevo(
        api_key=KEY,
        base_url=f"{url}/v3",
        httpx_client=client,
    ).contacts
    await contacts.create_contact(email=email, list_ids=[3, 4], update_enabled=False)
    await contacts.get_contact_info(email, identifier_type="email_id")


@pytest.mark.parametrize("email", EMAILS)
async def test_requests_equal_those_of_brevos_own_client(email: str) -> None:
    """Method, path, query, headers and body, for both questions."""
    recorder = Recorder()
    async with recorder.listening() as url:
        async with AsyncClient() as client:
            await ask_as_brevo(url, client, email)
        opened = open_provider("brevo", url, None, KEY, "3,4", 5)
        async with opened as ours:
            await ours.ensure_contact(email)
            await ours.find(email)

    asked = [
        (one.method, one.path, one.query, comparable(one.headers), one.body)
        for one in recorder.asked
    ]
    # Lengths differ by the spaces that JSON allows.
    for _method, _path, _query, headers, _body in asked:
        headers.pop("content-length", None)
    assert asked[2:] == asked[:2]
    assert asked[2][3]["api-key"] == KEY


KNOWN_FORMS: Final[tuple[Mapping[str, Any], ...]] = (
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
MISCONFIGURED: Final[tuple[Mapping[str, Any], ...]] = (
    {"code": "invalid_parameter", "message": "List ID does not exist"},
    {"code": "not_enough_credits", "message": "Not enough credits for email"},
    {"code": "missing_parameter", "message": "email is missing"},
    {
        "code": "invalid_parameter",
        "message": "Unable to create contact",
        "metadata": {"duplicate_identifiers": ["SMS"]},
    },
)
NONSENSE: Final[tuple[Any, ...]] = (
    [],
    {},
    {"code": 7, "message": "x"},
    {"code": "invalid_parameter", "message": None},
    {"code": "invalid_parameter", "message": {"email": 1}},
)


async def answer_to(refusal: Any, status: int = 400, **headers: str) -> EspAnswer:
    """Ask a Brevo that answers thus."""
    calls: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        calls.append(request.path)
        shown = {name.replace("_", "-"): text for name, text in headers.items()}
        return web.json_response(refusal, status=status, headers=shown)

    app = web.Application()
    app.router.add_post("/v3/contacts", refuse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/v3/"
    try:
        async with open_provider("brevo", url, None, KEY, None, 5) as provider:
            return await provider.ensure_contact("ann@example.com")
    finally:
        await runner.cleanup()
        assert calls == ["/v3/contacts"]


@pytest.mark.parametrize("refusal", KNOWN_FORMS)
async def test_every_form_of_a_duplicate_is_known(refusal: Any) -> None:
    """That of May 2026, the one before, and the one before that."""
    assert await answer_to(refusal) == EspAnswer(EspState.KNOWN)


@pytest.mark.parametrize("refusal", MISCONFIGURED)
async def test_other_refusals_cost_no_email(refusal: Any) -> None:
    """A wrong list or an empty account is not the player's fault."""
    with pytest.raises(EspMisconfigured):
        await answer_to(refusal)


@pytest.mark.parametrize("refusal", NONSENSE)
async def test_nonsense_is_an_outage(refusal: Any) -> None:
    """Whatever its types."""
    with pytest.raises(EspOutage):
        await answer_to(refusal)


@pytest.mark.parametrize("status", [429, 425])
async def test_its_own_headers_tell_when_to_come_back(status: int) -> None:
    """There is no Retry-After at Brevo."""
    with pytest.raises(EspRateLimited) as caught:
        await answer_to({}, status, x_sib_ratelimit_reset="42")

    assert caught.value.retry_after == 42


async def test_the_last_answer_of_a_budget_counts() -> None:
    """After it nothing is asked until the budget is whole again."""
    asked: list[int] = []

    async def create(_request: web.Request) -> web.Response:
        asked.append(1)
        spent = {"x-sib-ratelimit-remaining": "0", "x-sib-ratelimit-reset": "7"}
        return web.json_response({"id": 1}, status=HTTPStatus.CREATED, headers=spent)

    app = web.Application()
    app.router.add_post("/v3/contacts", create)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with open_provider("brevo", url, None, KEY, None, 5) as provider:
        answer = await provider.ensure_contact("ann@example.com")
        with pytest.raises(EspRateLimited) as caught:
            await provider.ensure_contact("bob@example.com")
    await runner.cleanup()

    assert (answer.state, len(asked)) == (EspState.CREATED, 1)
    assert 1 <= caught.value.retry_after <= 7
