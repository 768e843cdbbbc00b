"""Bodies as clients really send them: spelled, packed and announced in their ways."""

import json
from typing import Any, Final

import pytest
from aiohttp.test_utils import TestServer

from tests.api.conftest import OpenBrowser
from tests.api.people import (
    ADMIN_LOGIN,
    API,
    PASSWORD,
    ApiClient,
    make_user,
    use_token,
)
from tests.api.raw import RawAnswer, one_request, send_raw

LOGIN: Final = f"POST {API}/auth/login"
IMPORTS: Final = f"POST {API}/imports"
CREDENTIALS: Final = json.dumps({"login": ADMIN_LOGIN, "password": PASSWORD}).encode()
EXPECT: Final = "Expect: 100-continue"
CONTINUE: Final = 100
COOKIE: Final = "Cookie: prilavok_session=a.b"
JSON: Final = "Content-Type: application/json"
OURS: Final = (
    "application/json",
    "application/json; charset=utf8",
    "application/json;charset=UTF-8",
    'Application/JSON; Charset="Utf-8"',
)
FORM: Final = "multipart/form-data; boundary=x"
PART: Final = 'Content-Disposition: form-data; name="file"; filename="a.log"'


@pytest.fixture
async def bearer(admin: ApiClient) -> str:
    """Be an administrator by a header line."""
    return f"Authorization: Bearer {await use_token(admin, ADMIN_LOGIN)}"


def posted(line: str, body: bytes, *headers: str) -> bytes:
    """Write a request with its length."""
    return one_request(line, *headers, f"Content-Length: {len(body)}", body=body)


@pytest.mark.parametrize("kind", OURS)
async def test_utf8_is_utf8_however_it_is_spelled(client: ApiClient, kind: str) -> None:
    """Programs write it in many ways."""
    headers = {"Content-Type": kind}
    answer = await client.post(f"{API}/auth/login", data=CREDENTIALS, headers=headers)

    assert answer.status == 200


async def test_byte_order_mark_is_no_part_of_json(client: ApiClient) -> None:
    """RFC 8259, 8.1; one of them, and only in front."""
    for start, status in ((b"\xef\xbb\xbf", 200), (b"\xef\xbb\xbf" * 2, 422)):
        answer = await client.post(
            f"{API}/auth/login",
            data=start + CREDENTIALS,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == status


async def test_merge_patch_is_taken_for_patch_only(admin: ApiClient) -> None:
    """RFC 7396 is what PATCH does here."""
    ann = await make_user(admin, "ann")
    headers = {"Content-Type": "application/merge-patch+json"}
    body = b'{"first_name": "Anna"}'
    path = f"{API}/users/{ann['id']}"
    changed = await admin.patch(path, data=body, headers=headers)
    refused = await admin.post(f"{API}/users", data=body, headers=headers)

    assert (await changed.json())["first_name"] == "Anna"
    assert refused.status == 415


async def test_refused_bodies_are_told_what_is_taken(admin: ApiClient) -> None:
    """415 with ``Accept``, for PATCH ``Accept-Patch``, and what may pack it."""
    ann = await make_user(admin, "ann")
    headers = {"Content-Type": "text/html"}
    posted_one = await admin.post(f"{API}/users", data=b"{}", headers=headers)
    path = f"{API}/users/{ann['id']}"
    patched = await admin.patch(path, data=b"{}", headers=headers)
    log = await admin.post(f"{API}/imports", data=b"{}", headers=headers)
    packed = await admin.post(
        f"{API}/users",
        data=b"{}",
        headers={"Content-Type": "application/json", "Content-Encoding": "zip"},
    )

    assert posted_one.headers["Accept"] == "application/json"
    assert patched.headers["Accept-Patch"] == patched.headers["Accept"]
    assert "application/merge-patch+json" in patched.headers["Accept-Patch"]
    assert "multipart/form-data" in log.headers["Accept"]
    assert packed.headers["Accept-Encoding"] == "identity, gzip, deflate"
    assert {it.status for it in (posted_one, patched, log, packed)} == {415}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zip"])
async def test_false_coding_of_a_form_is_refused(admin: ApiClient, coding: str) -> None:
    """Said of the part or of the whole body: a refusal, and no fault of ours."""
    part = f"--x\r\n{PART}\r\nContent-Encoding: {coding}\r\n\r\nplain\r\n--x--\r\n"
    inside = await admin.post(
        f"{API}/imports",
        data=part.encode(),
        headers={"Content-Type": FORM},
    )
    plain = f"--x\r\n{PART}\r\n\r\nplain\r\n--x--\r\n"
    try:
        around = await admin.post(
            f"{API}/imports",
            data=plain.encode(),
            headers={"Content-Type": FORM, "Content-Encoding": coding},
        )
    finally:
        assert inside.status == 422
    assert around.status in {400, 415, 422}


async def asked(server: TestServer, request: bytes) -> list[int]:
    """Send it; list the statuses that came back."""
    answer: RawAnswer = await send_raw(server, request)
    if answer.status != CONTINUE:
        return [answer.status]
    line = (answer.body or b"").partition(b"\r\n")[0]
    return [answer.status, int(line.split()[1])]


async def test_body_is_invited_when_it_will_be_read(
    server: TestServer,
    bearer: str,
) -> None:
    """100 and then the answer."""
    signed_in = await asked(server, posted(LOGIN, CREDENTIALS, JSON, EXPECT))
    form = f"--x\r\n{PART}\r\n\r\nplain\r\n--x--\r\n".encode()
    form_headers = (f"Content-Type: {FORM}", EXPECT, bearer)
    taken = await asked(server, posted(IMPORTS, form, *form_headers))
    raw_headers = ("Content-Type: text/plain", EXPECT, bearer)
    raw = await asked(server, posted(IMPORTS, b"plain", *raw_headers))

    assert signed_in == [CONTINUE, 200]
    assert (taken, raw) == ([CONTINUE, 202], [CONTINUE, 202])


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        (f"POST {API}/users", (JSON,), 401),
        (IMPORTS, ("Content-Type: text/plain",), 401),
        (LOGIN, ("Content-Type: text/html",), 415),
        (LOGIN, (JSON, "Content-Encoding: zip"), 415),
        ("POST /nowhere", (JSON,), 404),
        ("PUT /health", (JSON,), 405),
        (LOGIN, (JSON, "Origin: http://evil.example", COOKIE), 403),
    ],
)
async def test_body_that_is_not_read_is_not_invited(
    server: TestServer,
    line: str,
    headers: tuple[str, ...],
    status: int,
) -> None:
    """The refusal comes at once, and the body stays where it is."""
    head = one_request(line, *headers, EXPECT, "Content-Length: 10")

    assert await asked(server, head) == [status]


async def test_forbidden_and_too_large_are_not_invited(
    server: TestServer,
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """403 and 413 by the head alone."""
    await make_user(admin, "ann")
    ann = await open_browser("ann")
    token = await use_token(ann, "ann")
    large = (JSON, EXPECT, "Content-Length: 2000000")
    bearer = f"Authorization: Bearer {token}"

    users = one_request(f"POST {API}/users", *large, bearer)
    assert await asked(server, users) == [403]
    assert await asked(server, one_request(LOGIN, *large)) == [413]


async def test_known_answers_are_not_sent_again(admin: ApiClient) -> None:
    """304 for the tag of just this answer, in a list, weak, or for any."""
    ann = await make_user(admin, "ann")
    path = f"{API}/users/{ann['id']}"
    tag = (await admin.get(path)).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"a", {tag}', "*"):
        for method in ("GET", "HEAD"):
            headers = {"If-None-Match": known}
            answer = await admin.request(method, path, headers=headers)

            assert (answer.status, await answer.read()) == (304, b"")
            assert answer.headers["ETag"] == tag
    for other in ('"1"', '"a"', "", tag.replace(".", ".0")):
        answer = await admin.get(path, headers={"If-None-Match": other})
        assert answer.status == 200


async def test_tag_tells_of_every_change(admin: ApiClient) -> None:
    """Also of one that makes no new version: the role has another name."""
    role: dict[str, Any] = await (
        await admin.post(f"{API}/roles", json={"name": "Old", "permissions": []})
    ).json()
    ann = await make_user(admin, "ann", role="Old")
    path = f"{API}/users/{ann['id']}"
    tag = (await admin.get(path)).headers["ETag"]
    await admin.patch(f"{API}/roles/{role['id']}", json={"name": "New"})
    answer = await admin.get(path, headers={"If-None-Match": tag})

    assert (await answer.json())["role"] == "New"
    # Nobody changed the account: who has read it before may still edit it.
    body = {"first_name": "Anna"}
    edited = await admin.patch(path, json=body, headers={"If-Match": tag})
    assert edited.status == 200


async def test_several_lines_are_one_list(
    server: TestServer,
    admin: ApiClient,
    bearer: str,
) -> None:
    """Of ``If-Match``, as of every header that is a list."""
    ann = await make_user(admin, "ann")
    line = f"DELETE {API}/users/{ann['id']}"
    for tags, status in (('"8"', 412), (f'W/"{ann["version"]}"', 204)):
        lines = ('If-Match: "7"', f"If-Match: {tags}")
        answer = await send_raw(server, one_request(line, bearer, *lines))

        assert answer.status == status
