"""Uploads as attackers and bad networks make them. Numbers: SECURITY.md."""

import asyncio
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from prilavok.settings import Settings
from prilavok.transport.keys import BODY_SECONDS, IMPORT_MAX_BYTES
from tests.api.import_desk import TEXT, await_import, bring, stored_files, working
from tests.api.people import API, ApiClient
from tests.logs.made_up import made_up_log

LINES: Final = 50
LOG: Final = made_up_log(LINES)
PATH: Final = f"{API}/imports"
FORM: Final = {"Content-Type": "multipart/form-data; boundary=x"}
HEAD: Final = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
)
BAD_FORMS: Final = (
    b"",
    b"no form at all",
    b"--x--\r\n",
    b"--x\r\n",
    HEAD,
    HEAD + b"cut off",
    HEAD.replace(b'name="file"', b'name="other"') + b"1\r\n--x--\r\n",
    HEAD.replace(b'name="file"; ', b"") + b"1\r\n--x--\r\n",
    HEAD + b"1\r\n" + HEAD + b"2\r\n--x--\r\n",
    HEAD
    + b'1\r\n--x\r\nContent-Disposition: form-data; name="b"\r\n\r\n2\r\n--x--\r\n',
    HEAD.replace(b"filename", b"\x7f\xf3\x00") + b"1\r\n--x--\r\n",
    HEAD.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed\r\n\r\n") + b"1",
    b"--x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n1\r\n--x--\r\n",
)


async def send(client: ApiClient, body: Any, **headers: str) -> tuple[int, str]:
    """Post a body; return the status and the code of the problem."""
    response = await client.post(PATH, data=body, headers=headers)
    document = await response.json(content_type=None)
    return response.status, document.get("code", "")


@pytest.mark.parametrize("body", BAD_FORMS)
async def test_bad_forms_are_refused(
    admin: ApiClient,
    settings: Settings,
    body: bytes,
) -> None:
    """22: with 422, or 400 where it breaks HTTP; and nothing of them stays."""
    status, _ = await send(admin, body, **FORM)

    assert status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}
    assert not stored_files(settings)


@pytest.mark.parametrize(
    "kind",
    ["application/zip", "text/csv", "multipart/mixed; boundary=x", "image/png"],
)
async def test_other_content_types_are_refused(admin: ApiClient, kind: str) -> None:
    """19: bodies are read only when their content type is a declared one."""
    assert (await send(admin, LOG, **{"Content-Type": kind}))[0] == 415


async def test_strangers_bodies_are_not_read(client: ApiClient) -> None:
    """401 comes before anything is stored."""
    assert (await send(client, LOG, **TEXT))[0] == 401


@pytest.mark.parametrize("is_told", [True, False])
async def test_too_large_is_refused_on_the_way(
    admin: ApiClient,
    server: TestServer,
    settings: Settings,
    is_told: bool,
) -> None:
    """23: by its announced length, or as soon as it is too long; nothing stays."""
    server.app[IMPORT_MAX_BYTES] = 1_000_000

    async def factory() -> Any:
        for _ in range(40):
            yield LOG * 50

    body = LOG * 2000 if is_told else factory()
    assert len(LOG) * 2000 > 1_000_000
    try:
        status, code = await send(admin, body, **TEXT)
    except aiohttp.ClientError:
        # We closed while it was still sending.
        status, code = 413, "content-too-large"

    assert (status, code) == (413, "content-too-large")
    assert not stored_files(settings)


async def test_who_sends_slowly_is_served_and_who_stops_is_not(
    admin: ApiClient,
    server: TestServer,
    settings: Settings,
) -> None:
    """25: what moves may take longer than an ordinary body, what stands still not."""
    server.app[BODY_SECONDS] = 0.5

    async def steady() -> Any:
        for place in range(0, len(LOG), 1000):
            await asyncio.sleep(0.2)
            yield LOG[place : place + 1000]

    async def standing() -> Any:
        yield LOG[:2000]
        await asyncio.sleep(30)

    assert (await send(admin, steady(), **TEXT))[0] == 202
    assert (await send(admin, standing(), **TEXT))[0] == 408
    assert len(stored_files(settings)) == 1


async def test_clients_that_leave_leave_nothing(
    admin: ApiClient,
    settings: Settings,
    server: TestServer,
) -> None:
    """24: no file, no part of one, and no row."""

    async def endless() -> Any:
        while True:
            yield LOG * 1000
            await asyncio.sleep(0.01)

    uploads = [asyncio.create_task(send(admin, endless(), **TEXT)) for _ in range(5)]
    async with asyncio.timeout(30):
        while not stored_files(settings):
            await asyncio.sleep(0.02)
    for upload in uploads:
        upload.cancel()
    await asyncio.gather(*uploads, return_exceptions=True)
    async with asyncio.timeout(30):
        while stored_files(settings):
            await asyncio.sleep(0.02)
    listed = await (await admin.get(PATH)).json()

    assert listed["total"] == 0


@pytest.fixture
def log_folder(tmp_path: Path) -> Path:
    """Make the folder of LOG_IMPORT_DIR, with ways out of it."""
    folder = tmp_path / "logs"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "shop.log").write_bytes(LOG)
    secret = tmp_path / "secret"
    secret.write_bytes(LOG)
    (folder / "link").symlink_to(secret)
    (folder / "out").symlink_to(tmp_path)
    (folder / "inside").symlink_to(folder / "below")
    return folder


class TestPaths:
    """A service whose LOG_IMPORT_DIR is set."""

    @pytest.fixture
    def settings(self, settings: Settings, log_folder: Path) -> Settings:
        """Name the folder."""
        return replace(settings, log_import_dir=log_folder)

    async def test_a_path_inside_is_brought_in(
        self,
        admin: ApiClient,
        settings: Settings,
        log_folder: Path,
    ) -> None:
        """Relative or whole; the file itself stays."""
        for path in ("below/shop.log", f"{log_folder}/below/shop.log"):
            response = await admin.post(PATH, json={"path": path})
            accepted = await response.json()
            assert response.status == 202
            async with working(settings):
                done = await await_import(admin, accepted["id"])
            assert (done["state"], done["lines"]) == ("succeeded", LINES)
        assert (log_folder / "below" / "shop.log").read_bytes() == LOG

    @pytest.mark.parametrize(
        "path",
        [
            "../secret",
            "below/../../secret",
            "/etc/passwd",
            "link",
            "out/secret",
            "inside/shop.log",
            "below",
            ".",
            "",
            "nothing",
            "below//shop.log",
            "below/shop.log/",
            "x" * 5000,
            "a" * 300,
        ],
    )
    async def test_there_is_no_way_out(self, admin: ApiClient, path: str) -> None:
        """25: neither by name nor by symbolic link."""
        response = await admin.post(PATH, json={"path": path})
        problem = await response.json()

        assert response.status == 422
        assert problem["errors"][0]["pointer"] == "/path"

    async def test_a_link_made_later_is_not_followed(
        self,
        admin: ApiClient,
        settings: Settings,
        log_folder: Path,
    ) -> None:
        """The worker looks again, at what it has opened."""
        response = await admin.post(PATH, json={"path": "below/shop.log"})
        accepted = await response.json()
        (log_folder / "below" / "shop.log").unlink()
        (log_folder / "below" / "shop.log").symlink_to("/etc/passwd")
        async with working(settings):
            done = await await_import(admin, accepted["id"])

        assert (done["state"], done["lines"]) == ("failed", 0)


async def test_without_a_folder_no_path_is_read(admin: ApiClient) -> None:
    """It is not set by default."""
    response = await admin.post(PATH, json={"path": "shop.log"})

    assert response.status == 422


async def test_keys_are_bound_to_the_file(admin: ApiClient) -> None:
    """Malformed ones are refused; twenty at once queue one import."""
    key = {"Idempotency-Key": "again"}
    taken = await asyncio.gather(*(bring(admin, LOG, headers=key) for _ in range(20)))
    bad = [await send(admin, LOG, **TEXT, **{"Idempotency-Key": "ж"})]
    bad += [await send(admin, LOG, **TEXT, **{"Idempotency-Key": "x" * 256})]

    assert len({one["id"] for one in taken}) == 1
    assert {status for status, _ in bad} <= {400, 422}
