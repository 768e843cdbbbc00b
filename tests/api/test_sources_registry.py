"""The registry of sources, as a client sees it."""

from typing import Any, Final

import pytest
from aiohttp.test_utils import TestServer

from prilavok.transport.keys import SERVICES
from tests.api.conftest import OpenBrowser
from tests.api.people import API, ApiClient, make_role, make_user

SOURCES: Final = f"{API}/sources"
NEW: Final[dict[str, Any]] = {"name": "far", "url": "http://far.example/list"}
LONG: Final = "x" * 2048
SECRET: Final = "Bearer of a secret"
CREDENTIAL: Final = {"header": "Authorization", "secret": SECRET}


async def add(client: ApiClient, **fields: Any) -> dict[str, Any]:
    """Add a source and return it."""
    response = await client.post(SOURCES, json=NEW | fields)
    assert response.status == 201, await response.text()
    added: dict[str, Any] = await response.json()
    return added


async def edit(client: ApiClient, source: dict[str, Any], **fields: Any) -> Any:
    """Change a source and return it."""
    return await (await client.patch(f"{SOURCES}/{source['id']}", json=fields)).json()


async def test_seeds_are_sown_on_the_first_start_only(
    admin: ApiClient,
    server: TestServer,
) -> None:
    """What was deleted stays so; refused addresses are stored and do not stop us."""
    page = await (await admin.get(SOURCES)).json()
    for source in page["items"]:
        assert (await admin.delete(f"{SOURCES}/{source['id']}")).status == 204
    await server.app[SERVICES].source_seeding.seed({"other": "http://other.example/"})

    names = [found["name"] for found in page["items"]]
    assert names == ["first", "second", "third"]
    assert (await (await admin.get(SOURCES)).json())["total"] == 0


async def test_a_source_lives_and_is_edited_under_its_version(admin: ApiClient) -> None:
    """201 with a place, ETag and If-Match; equal values change nothing."""
    made = await admin.post(SOURCES, json=NEW | {"position": 7, "timeout_s": 0.5})
    place = made.headers["Location"]
    tag = {"If-Match": made.headers["ETag"]}
    same = await admin.patch(place, json={"url": NEW["url"]}, headers=tag)
    moved = await admin.patch(place, json={"position": 0}, headers=tag)
    stale = await admin.patch(place, json={"position": 9}, headers=tag)
    first = await (await admin.get(place)).json()

    assert (same.headers["ETag"], moved.status) == (made.headers["ETag"], 200)
    assert (stale.status, (await stale.json())["current"]) == (412, 2)
    assert first == await moved.json()
    assert (first["position"], first["timeout_s"], first["last"]) == (0, 0.5, None)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": "a b"}, "/name"),
        ({"name": "x" * 65}, "/name"),
        ({"url": "ftp://far.example/"}, "/url"),
        ({"url": "http://"}, "/url"),
        ({"url": "http://far.example:99999/"}, "/url"),
        ({"url": "http://far.example:0/"}, "/url"),
        ({"url": "http://[::1/"}, "/url"),
        ({"url": "http://ann:secret@far.example/"}, "/url"),
        ({"url": r"http://far.example/\@inner/"}, "/url"),
        ({"url": "http://far.example/\r\nHost: inner"}, "/url"),
        ({"url": f"http://far.example/{LONG}"}, "/url"),
        ({"url": "http://%31%32%37.0.0.1/"}, "/url"),
        ({"url": "http://[fe80::1%25lo]/"}, "/url"),
        ({"url": "http://127.0.0.1/"}, "/url"),
        ({"url": "http://2130706433/"}, "/url"),
        ({"url": "http://0x7f.1/"}, "/url"),
        ({"url": "http://017700000001/"}, "/url"),
        ({"url": "http://[::ffff:169.254.169.254]/"}, "/url"),
        ({"url": "http://localhost/"}, "/url"),
        ({"timeout_s": 0}, "/timeout_s"),
        ({"timeout_s": 2.5}, "/timeout_s"),
        ({"timeout_s": "1"}, "/timeout_s"),
        ({"position": -1}, "/position"),
        ({"position": True}, "/position"),
        ({"enabled": 1}, "/enabled"),
        ({"credential": {"header": "Host", "secret": "x"}}, "/credential/header"),
        ({"credential": {"header": "A b", "secret": "x"}}, "/credential/header"),
        ({"credential": {"header": "A", "secret": "x\ny"}}, "/credential/secret"),
        ({"version": 3}, "/version"),
    ],
)
async def test_bad_fields_are_pointed_at(
    admin: ApiClient,
    fields: dict[str, Any],
    pointer: str,
) -> None:
    """27: among them every spelling of an address inside."""
    response = await admin.post(SOURCES, json=NEW | fields)

    assert response.status == 422
    pointers = {error["pointer"] for error in (await response.json())["errors"]}
    assert pointers == {pointer}


async def test_names_are_unique_whatever_their_case(admin: ApiClient) -> None:
    """Also when one is renamed."""
    source = await add(admin, name="mine")
    again = await admin.post(SOURCES, json=NEW | {"name": "FIRST"})
    renamed = await edit(admin, source, name="Second")

    assert (await again.json())["code"] == "source-taken"
    assert renamed["code"] == "source-taken"


async def test_a_credential_can_be_written_and_never_read(admin: ApiClient) -> None:
    """Neither in answers nor in history, which says only that it changed."""
    source = await add(admin, credential=CREDENTIAL)
    other = CREDENTIAL | {"secret": f"{SECRET}, another"}
    await edit(admin, source, credential=other)
    gone = await edit(admin, source, credential=None)
    seen = await (await admin.get(f"{API}/history?row_id={source['id']}")).text()
    changes = await (await admin.get(f"{API}/history?row_id={source['id']}")).json()

    assert (source["has_credential"], gone["has_credential"]) == (True, False)
    assert SECRET not in str(source) + str(gone) + seen
    assert "credential_" not in seen
    assert [change["changed"] for change in changes["items"]] == [
        ["credentials"],
        ["credentials"],
        [],
    ]


async def test_a_credential_does_not_follow_to_another_server(
    admin: ApiClient,
) -> None:
    """Whoever may edit sources could else have it sent to himself."""
    source = await add(admin, credential=CREDENTIAL)
    near = await edit(admin, source, url="http://far.example:80/other")
    away = await edit(admin, source, url="https://far.example/list")
    with_new = await edit(
        admin,
        source,
        url="http://else.example/",
        credential=CREDENTIAL,
    )

    kept = [found["has_credential"] for found in (near, away, with_new)]
    assert kept == [True, False, True]


async def test_changes_name_who_made_them(admin: ApiClient) -> None:
    """Sources have a history like users, beyond their end."""
    source = await add(admin)
    await edit(admin, source, enabled=False)
    await admin.delete(f"{SOURCES}/{source['id']}")
    history = await admin.get(f"{API}/history?table=sources&row_id={source['id']}")
    changes = (await history.json())["items"]

    operations = [change["operation"] for change in changes]
    assert operations == ["delete", "update", "insert"]
    assert {change["actor"]["login"] for change in changes} == {"admin"}
    assert changes[1]["changed"] == ["enabled"]


async def test_lists_are_filtered_sorted_and_paged(admin: ApiClient) -> None:
    """``q`` looks into names and addresses."""
    await add(admin, enabled=False)
    found = await (await admin.get(f"{SOURCES}?q=FAR.ex")).json()
    off = await (await admin.get(f"{SOURCES}?enabled=false")).json()
    page = await admin.get(f"{SOURCES}?sort=-name&per_page=1&page=2")

    assert found["items"] == off["items"]
    assert [source["name"] for source in found["items"]] == ["far"]
    assert (await page.json())["items"][0]["name"] == "second"
    assert 'rel="next"' in page.headers["Link"]


async def test_reading_and_writing_are_two_permissions(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """A reader sees the sources and their items, and changes nothing."""
    await make_role(admin, "Reader", "sources:read")
    await make_user(admin, "reader", role="Reader")
    reader = await open_browser("reader")
    source = await add(admin)
    place = f"{SOURCES}/{source['id']}"

    seen = [await reader.get(path) for path in (SOURCES, place, f"{SOURCES}/items")]
    refused = [
        await reader.post(SOURCES, json=NEW),
        await reader.post(f"{place}/check"),
        await reader.delete(place),
    ]
    assert [answer.status for answer in seen] == [200, 200, 200]
    assert [answer.status for answer in refused] == [403, 403, 403]
