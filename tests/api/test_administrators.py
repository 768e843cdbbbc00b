"""There is always an administrator. Numbers: docs/security.md."""

from asyncio import gather
from contextlib import AsyncExitStack
from typing import Final

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from prilavok.app import create_app
from prilavok.settings import Settings
from tests.api.calls import ask, own_id, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import ADMIN_LOGIN, ApiClient, browser, make_user, sign_in

ROUNDS: Final = 20
STARTS: Final = 4
DEMOTE: Final[dict[str, object]] = {"role": "User"}
DISABLE: Final[dict[str, object]] = {"is_active": False}


@pytest.mark.parametrize("changes", [DEMOTE, DISABLE])
async def test_last_administrator_cannot_be_changed(
    admin: ApiClient,
    changes: dict[str, object],
) -> None:
    """3: nobody demotes or disables the last one, not even he himself."""
    await make_user(admin, "idle", role="Admin", is_active=False)
    me = await own_id(admin)
    problem = await refusal(admin, f"PATCH /users/{me}", changes)

    assert (problem["status"], problem["code"]) == (409, "last-administrator")
    assert (await read(admin, "/auth/me"))["user"]["version"] == 1


async def test_last_administrator_cannot_be_deleted(admin: ApiClient) -> None:
    """3: neither alone nor in a batch."""
    me = await own_id(admin)
    alone = await refusal(admin, f"DELETE /users/{me}")
    batch = await refusal(admin, "POST /users/batch", {"delete": [me]})

    assert (alone["code"], batch["code"]) == ("last-administrator",) * 2
    assert await ask(admin, "GET /auth/me") == 200


async def test_batch_may_replace_the_last_administrator(admin: ApiClient) -> None:
    """3: what counts is how it stands at the end."""
    me = await own_id(admin)
    heir = await make_user(admin, "heir")
    body = {
        "update": [{"id": me, "role": "User"}, {"id": heir["id"], "role": "Admin"}],
    }

    assert await ask(admin, "POST /users/batch", body) == 200
    assert (await read(admin, "/auth/me"))["user"]["role"] == "User"


@pytest.mark.parametrize(
    ("method", "changes"),
    [("PATCH", DEMOTE), ("PATCH", DISABLE), ("DELETE", None)],
)
async def test_two_administrators_removing_each_other(
    admin: ApiClient,
    open_browser: OpenBrowser,
    method: str,
    changes: dict[str, object] | None,
) -> None:
    """3: in a race one of them is left, round after round."""
    for number in range(ROUNDS):
        other = await make_user(admin, f"other-{number}", role="Admin")
        rivals = (admin, await open_browser(other["login"]))
        ids = [await own_id(rival) for rival in rivals]
        statuses = await gather(
            ask(rivals[0], f"{method} /users/{ids[1]}", changes),
            ask(rivals[1], f"{method} /users/{ids[0]}", changes),
        )
        succeeded = [status < 300 for status in statuses]

        assert sorted(succeeded) == [False, True]
        admin = rivals[succeeded.index(True)]
        assert (await read(admin, "/users?role=Admin&is_active=true"))["total"] == 1


async def test_first_administrator_is_made_once(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
) -> None:
    """Four services that start at once on an empty database make one of each."""
    async with AsyncExitStack() as stack:
        servers = [TestServer(create_app(settings, hasher)) for _ in range(STARTS)]
        for started in servers:
            stack.push_async_callback(started.close)
        await gather(*(server.start_server() for server in servers))
        client = await stack.enter_async_context(browser(servers[0]))
        await sign_in(client, ADMIN_LOGIN)
        users = await read(client, "/users")
        roles = await read(client, "/roles?sort=name")

    assert [user["login"] for user in users["items"]] == [ADMIN_LOGIN]
    assert [(role["name"], role["built_in"]) for role in roles["items"]] == [
        ("Admin", True),
        ("User", True),
    ]
    assert roles["items"][1]["permissions"] == []
