"""46: the OpenAPI document is true: schemathesis finds nothing that it does not say."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp.test_utils import TestServer

from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient

pytestmark = pytest.mark.scenario
ROOT: Final = Path(__file__).parents[2]
COMMAND: Final = Path(sys.executable).with_name("schemathesis")
# What it may be told from outside, such as `--max-examples 200 --seed 2`.
OPTIONS: Final = os.environ.get("SCHEMATHESIS_OPTIONS", "--max-examples 3 --seed 1")


@pytest.fixture(autouse=True)
def many_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count its wrong passwords apart from those of other tests: by another window."""
    monkeypatch.setenv("LOGIN_WINDOW_SECONDS", "181")
    monkeypatch.setenv("LOGIN_ATTEMPTS_PER_ADDRESS", "100000")


async def run_schemathesis(server: TestServer, environment: dict[str, str]) -> None:
    """Run it in the root of the project; fail with what it says."""
    started = await create_subprocess_exec(
        COMMAND,
        "--no-color",
        "run",
        str(server.make_url("/openapi.json")),
        *OPTIONS.split(),
        cwd=ROOT,
        env=os.environ | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await started.communicate()
    assert started.returncode == 0, said.decode()


async def read(client: ApiClient, path: str, token: str) -> Any:
    """Read as whoever holds the token."""
    headers = {"Authorization": f"Bearer {token}"}
    response = await client.get(f"{API}/{path}", headers=headers)
    return await response.json()


async def test_document_is_true(server: TestServer, client: ApiClient) -> None:
    """Every check on every operation, by an administrator who stays one."""
    credentials = {"login": ADMIN_LOGIN, "password": PASSWORD}
    issued = await client.post(f"{API}/auth/token", json=credentials)
    token = (await issued.json())["access_token"]
    me = await read(client, "auth/me", token)
    session = (await read(client, "auth/sessions", token))["items"][0]["id"]
    ids = (me["user"]["id"], session)
    await run_schemathesis(server, {"TOKEN": token, "GUARDED_IDS": ",".join(ids)})
    after = await read(client, "auth/me", token)

    assert after["permissions"] == me["permissions"]
