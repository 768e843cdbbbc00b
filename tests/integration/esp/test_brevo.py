"""Brevo's own client as the oracle of our requests."""

from collections.abc import Mapping
from typing import Final

import pytest
from brevo import AsyncBrevo
from httpx import AsyncClient

from prilavok.clients.email_provider.opening import open_provider
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
