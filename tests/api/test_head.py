"""HEAD: the head of GET, and never a byte of a body, on the wire itself."""

from collections.abc import Mapping
from typing import Final

import pytest
from aiohttp.test_utils import TestServer

from tests.api.import_desk import TEXT, bring
from tests.api.people import ADMIN_LOGIN, API, ApiClient, use_token
from tests.api.raw import one_request, send_raw
from tests.api.served import NOBODYS_ID, SERVED, path_of

# What differs from one answer to the next, or is about how GET's body is framed.
PASSING: Final = frozenset(
    ("date", "x-request-id", "transfer-encoding", "content-length", "server-timing"),
)
FORMS: Final = ("", "?format=csv", "?format=text")
READS: Final = sorted({path_of(it) for it in SERVED if it.method == "GET"})


def lasting(headers: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is different each time."""
    lowered = {name.lower(): text for name, text in headers.items()}
    return {name: text for name, text in lowered.items() if name not in PASSING}


@pytest.fixture
async def bearer(admin: ApiClient) -> str:
    """Be an administrator by a header line."""
    return f"Authorization: Bearer {await use_token(admin, ADMIN_LOGIN)}"


@pytest.mark.parametrize("path", READS)
async def test_head_is_the_head_alone(
    server: TestServer,
    bearer: str,
    path: str,
) -> None:
    """Of every read in every form, refusals too; the next answer follows it."""
    for form in FORMS:
        head = one_request(f"HEAD {path}{form}", bearer)
        got = await send_raw(server, one_request(f"GET {path}{form}", bearer))
        answer = await send_raw(server, head)

        assert answer.body == b"", form
        assert answer.status == got.status
        assert lasting(dict(answer.headers)) == lasting(dict(got.headers))


async def test_head_of_streams_has_no_body(
    server: TestServer,
    admin: ApiClient,
    bearer: str,
) -> None:
    """Events of an import, and its rejected lines as text."""
    accepted = await bring(admin, b"no line of a log\n", TEXT)
    for rest in ("events", "rejected?format=text"):
        path = f"{API}/imports/{accepted['id']}/{rest}"
        answer = await send_raw(server, one_request(f"HEAD {path}", bearer))

        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["Content-Type"].startswith("text/")
        unknown = path.replace(accepted["id"], NOBODYS_ID)
        answer = await send_raw(server, one_request(f"HEAD {unknown}", bearer))
        assert (answer.status, answer.body) == (404, b"")
    await admin.delete(f"{API}/imports/{accepted['id']}")
