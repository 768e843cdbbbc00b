"""Uploads as attackers and bad networks make them. Numbers: docs/security.md."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok import app
from prilavok.settings import Settings
from tests.api.import_desk import TEXT, await_import, bring, stored_files, working
from tests.api.people import API, ApiClient
from tests.logs.made_up import made_up_log
from tests.logs.stored import empty_tables as empty_log_tables

LINES: Final = 50
LOG: Final = made_up_log(LINES)
MEGABYTE: Final = 1_000_000
SILENCE_SECONDS: Final = 0.5
TOO_LARGE: Final = (413, "content-too-large")
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


@pytest.fixture(autouse=True)
async def no_logs(owner_engine: AsyncEngine) -> AsyncIterator[None]:
    """Start without logs, and leave none."""
    await empty_log_tables(owner_engine)
    yield
    await empty_log_tables(owner_engine)


async def send(
    client: ApiClient,
    body: Any,
    headers: Mapping[str, str],
) -> tuple[int, str]:
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
    status, _ = await send(admin, body, FORM)

    assert status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}
    assert not stored_files(settings)


@pytest.mark.parametrize(
    "kind",
    ["application/zip", "text/csv", "multipart/mixed; boundary=x", "image/png"],
)
async def test_other_content_types_are_refused(admin: ApiClient, kind: str) -> None:
    """19: bodies are read only when their content type is a declared one."""
    assert (await send(admin, LOG, {"Content-Type": kind}))[0] == 415


async def test_strangers_bodies_are_not_read(client: ApiClient) -> None:
    """401 comes before anything is stored."""
    assert (await send(client, LOG, TEXT))[0] == 401


async def pieces(count: int, size: int, pause: float) -> AsyncIterator[bytes]:
    """Send this many pieces with pauses between them."""
    for _ in range(count):
        yield (LOG * (size // len(LOG) + 1))[:size]
        await asyncio.sleep(pause)


class TestLimits:
    """A service that takes little, and waits not long."""

    @pytest.fixture
    def settings(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
        """Allow a megabyte, and half a second of silence."""
        monkeypatch.setattr(app, "MAX_BODY_SECONDS", SILENCE_SECONDS)
        return replace(settings, import_max_bytes=MEGABYTE)

    @pytest.mark.parametrize("is_told", [True, False])
    async def test_too_large_is_refused_on_the_way(
        self,
        admin: ApiClient,
        settings: Settings,
        is_told: bool,
    ) -> None:
        """23: by its announced length, or as soon as it is; nothing stays."""
        body = BytesIO(LOG * 500) if is_told else pieces(40, MEGABYTE // 20, 0)
        try:
            answer = await send(admin, body, TEXT)
        except aiohttp.ClientError:
            # We closed while it was still sending.
            answer = TOO_LARGE

        assert answer == TOO_LARGE
        assert not stored_files(settings)

    async def test_who_moves_is_served_and_who_stops_is_not(
        self,
        admin: ApiClient,
        settings: Settings,
    ) -> None:
        """25: a large body may take longer than an ordinary one."""
        steady = await send(admin, pieces(12, 4000, SILENCE_SECONDS / 4), TEXT)
        standing = await send(admin, pieces(2, 4000, SILENCE_SECONDS * 40), TEXT)

        assert (steady[0], standing[0]) == (202, 408)
        assert len(stored_files(settings)) == 1


async def test_clients_that_leave_leave_nothing(
    admin: ApiClient,
    settings: Settings,
) -> None:
    """24: no file, no part of one, and no row."""
    bodies = [pieces(100_000, MEGABYTE, 0.01) for _ in range(5)]
    uploads = [asyncio.create_task(send(admin, body, TEXT)) for body in bodies]
    await files_become(settings, is_there=True)
    for upload in uploads:
        upload.cancel()
    await asyncio.gather(*uploads, return_exceptions=True)
    await files_become(settings, is_there=False)
    listed = await (await admin.get(PATH)).json()

    assert listed["total"] == 0


async def files_become(settings: Settings, *, is_there: bool) -> None:
    """Wait until there are files, or none."""
    async with asyncio.timeout(30):
        while bool(stored_files(settings)) is not is_there:
            await asyncio.sleep(0.02)


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

    async def test_a_link_is_told_from_a_file_that_is_missing(
        self,
        admin: ApiClient,
    ) -> None:
        """Whoever brings the log sees why it is refused."""
        problems = [
            await (await admin.post(PATH, json={"path": path})).json()
            for path in ("link", "nothing")
        ]

        assert [problem["errors"][0]["detail"] for problem in problems] == [
            "link: symbolic links are not followed.",
            "nothing: No such file or directory.",
        ]

    async def test_a_file_with_several_hard_links_is_refused(
        self,
        admin: ApiClient,
        log_folder: Path,
        tmp_path: Path,
    ) -> None:
        """What it holds may lie outside, and be somebody else's."""
        secret = tmp_path / "elsewhere"
        secret.write_bytes(made_up_log(5))
        (log_folder / "linked.log").hardlink_to(secret)
        response = await admin.post(PATH, json={"path": "linked.log"})
        problem = await response.json()

        assert response.status == 422
        assert problem["errors"][0]["detail"] == (
            "linked.log: this file has 2 hard links, and one of them may lie outside "
            "of LOG_IMPORT_DIR. Import a copy of it."
        )

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
    bad = [
        await send(admin, LOG, TEXT | {"Idempotency-Key": malformed})
        for malformed in ("ж", "x" * 256, "a b")
    ]

    assert len({one["id"] for one in taken}) == 1
    assert {status for status, _ in bad} <= {400, 422}
