"""One's own account without any permission. Numbers: docs/security.md."""

from typing import Any, Final

import pytest

from tests.api.calls import ask, own_id, pointers, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import PASSWORD, ApiClient, make_role, make_user

PERSONAL: Final[dict[str, Any]] = {
    "first_name": "Anna",
    "last_name": "Jones",
    "birth_date": "1990-02-28",
    "language": "de",
}


@pytest.fixture
async def ann(admin: ApiClient, open_browser: OpenBrowser) -> ApiClient:
    """Be somebody without permissions."""
    await make_user(admin, "ann", email="ann@example.com")
    return await open_browser("ann")


async def test_personal_fields_are_ones_own(ann: ApiClient) -> None:
    """Names, birth date and language, without being asked again."""
    path = f"/users/{await own_id(ann)}"
    assert await ask(ann, f"PATCH {path}", PERSONAL) == 200
    user = await read(ann, path)

    assert {name: user[name] for name in PERSONAL} == PERSONAL
    assert len((await read(ann, f"{path}/history"))["items"]) == 2
    assert (await read(ann, f"{path}/sessions"))["total"] == 1


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("role", "Admin"),
        ("is_active", True),
        ("password", "another horse battery"),
        ("login", "boss"),
        ("id", "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"),
        ("permissions", ["users:write"]),
        ("password_hash", "x"),
        ("stamp", "x"),
        ("version", 1),
        ("role_id", "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"),
    ],
)
async def test_nobody_raises_himself(
    ann: ApiClient,
    field: str,
    wanted: object,
) -> None:
    """3: no field of the own account gives more than one has."""
    path = f"/users/{await own_id(ann)}"
    before = await read(ann, "/auth/me")
    body = PERSONAL | {field: wanted}
    problem = await refusal(ann, f"PATCH {path}", body)

    assert (problem["status"], pointers(problem)) == (422, [f"/{field}"])
    assert await read(ann, "/auth/me") == before


async def test_own_mail_takes_the_password(ann: ApiClient) -> None:
    """43: without it or with a wrong one nothing changes."""
    line = f"PATCH /users/{await own_id(ann)}"
    body = {"email": "new@example.com"}
    missing = await refusal(ann, line, body)
    wrong = await refusal(ann, line, body | {"current_password": "wrong"})
    same = await ask(ann, line, {"email": "ann@example.com"})
    unchanged = await read(ann, "/auth/me")
    right = await ask(ann, line, body | {"current_password": PASSWORD})

    assert pointers(missing) == pointers(wrong) == ["/current_password"]
    assert same == 200
    assert unchanged["user"]["email"] == "ann@example.com"
    assert right == 200
    assert (await read(ann, "/auth/me"))["user"]["email"] == "new@example.com"


async def test_own_mail_takes_the_password_of_writers_too(admin: ApiClient) -> None:
    """43: users:write is no way round, in a batch neither; others' mail needs none."""
    me = await own_id(admin)
    other = await make_user(admin, "ann")
    mail = {"email": "new@example.com"}
    alone = await refusal(admin, f"PATCH /users/{me}", mail)
    updates = {"update": [{"id": other["id"], **mail}, {"id": me, "email": None}]}
    allowed = await ask(admin, "POST /users/batch", updates)
    updates["update"][1]["email"] = "mine@example.com"
    batch = await refusal(admin, "POST /users/batch", updates)

    assert pointers(alone) == ["/current_password"]
    assert allowed == 200
    assert pointers(batch) == ["/update/1/current_password"]


async def test_missing_password_is_no_guess(ann: ApiClient) -> None:
    """A form sent without the field does not use up guesses."""
    line = f"PATCH /users/{await own_id(ann)}"
    body = {"email": "new@example.com"}
    for _ in range(12):
        assert (await refusal(ann, line, body))["status"] == 422
    assert await ask(ann, line, body | {"current_password": PASSWORD}) == 200


async def test_own_account_can_be_left(ann: ApiClient, admin: ApiClient) -> None:
    """Deleted by oneself: the session ends, and history names who did it."""
    me = await own_id(ann)
    assert await ask(ann, f"DELETE /users/{me}") == 204
    assert await ask(ann, "GET /auth/me") == 401
    last = (await read(admin, f"/users/{me}/history"))["items"][0]
    assert (last["operation"], last["actor"]) == ("delete", {"id": me, "login": "ann"})


async def test_others_are_out_of_reach(ann: ApiClient, admin: ApiClient) -> None:
    """1: everything of another's id is 403, whether or not it exists."""
    for user_id in (await own_id(admin), "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"):
        path = f"/users/{user_id}"
        lines = [f"{method} {path}" for method in ("GET", "PATCH", "DELETE")]
        lines += [f"GET {path}/history", f"GET {path}/sessions"]
        assert {await ask(ann, line) for line in lines} == {403}


async def test_writer_edits_his_own_account_in_full(
    admin: ApiClient,
    open_browser: OpenBrowser,
) -> None:
    """A holder of users:write sets his own password and role, and stays signed in."""
    await make_role(admin, "Clerk", "users:read", "users:write")
    await make_user(admin, "clerk", role="Clerk")
    clerk, other = await open_browser("clerk"), await open_browser("clerk")
    line = f"PATCH /users/{await own_id(clerk)}"
    raised = await ask(clerk, line, {"role": "Admin"})
    done = await ask(clerk, line, {"password": "another horse battery"})

    assert (raised, done) == (403, 200)
    assert await ask(clerk, "GET /auth/me") == 200
    assert await ask(other, "GET /auth/me") == 401
    assert await ask(clerk, line, {"role": "User"}) == 200
    assert await ask(clerk, "GET /users") == 403
