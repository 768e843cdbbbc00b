"""Many people changing the same at once. Numbers: docs/security.md."""

from asyncio import gather
from collections import Counter
from http import HTTPStatus
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.calls import ask, pointers, read, refusal
from tests.api.conftest import OpenBrowser
from tests.api.people import API, NEW_USER, ApiClient, make_role, make_user

EDITORS: Final = 20
EDITS: Final = 50
CARDS: Final = 7
BUSY: Final = HTTPStatus.SERVICE_UNAVAILABLE
ACTORS: Final = text(
    "SELECT actor_login, count(*), count(DISTINCT request_id)"
    " FROM history WHERE operation = 'update' GROUP BY actor_login",
)


@pytest.fixture
async def cards(admin: ApiClient) -> list[str]:
    """Have accounts that everybody changes; return their ids."""
    return [(await make_user(admin, f"card-{place}"))["id"] for place in range(CARDS)]


@pytest.fixture
async def editors(admin: ApiClient, open_browser: OpenBrowser) -> list[ApiClient]:
    """Have people who may change accounts, all signed in."""
    await make_role(admin, "Editor", "users:read", "users:write")
    logins = [f"editor-{number}" for number in range(EDITORS)]
    for login in logins:
        await make_user(admin, login, role="Editor")
    return [await open_browser(name) for name in logins]


async def edit_all(editor: ApiClient, cards: list[str], author: int) -> Counter[int]:
    """Change one account after the other, beginning somewhere; count the answers.

    On a busy machine twenty editors may wait too long for one of ten connections; they
    then do as they are told and come back, which must not count twice.
    """
    statuses: Counter[int] = Counter()
    for turn in range(EDITS):
        line = f"PATCH /users/{cards[(author + turn) % CARDS]}"
        changes = {"first_name": f"Ann {author} {turn}"}
        status = await ask(editor, line, changes)
        while status == BUSY:
            status = await ask(editor, line, changes)
        statuses[status] += 1
    return statuses


def translation(ids: list[str], language: str) -> dict[str, object]:
    """Batch that gives each account this language, in this order."""
    return {"update": [{"id": it, "language": language} for it in ids]}


async def test_thousand_interleaved_changes_name_their_actors(
    editors: list[ApiClient],
    cards: list[str],
    owner_engine: AsyncEngine,
) -> None:
    """31: 20 people change 7 accounts 1,000 times; each change is its author's."""
    done = await gather(
        *(edit_all(editor, cards, author) for author, editor in enumerate(editors)),
    )
    async with owner_engine.connect() as connection:
        recorded = (await connection.execute(ACTORS)).all()

    assert sum(done, Counter()) == {200: EDITORS * EDITS}
    assert sorted(map(tuple, recorded)) == sorted(
        (f"editor-{number}", EDITS, EDITS) for number in range(EDITORS)
    )


async def test_double_submit_makes_one(admin: ApiClient) -> None:
    """Scenario 21: one of twenty is made, the others are told why not."""
    body = NEW_USER | {"login": "twin"}
    statuses = await gather(
        *(ask(admin, "POST /users", body) for _ in range(EDITORS)),
    )
    roles = await gather(
        *(
            ask(admin, "POST /roles", {"name": "Twin", "permissions": []})
            for _ in range(EDITORS)
        ),
    )

    for found in (statuses, roles):
        assert Counter(found) == {201: 1, 409: EDITORS - 1}


async def test_second_editor_is_told(admin: ApiClient) -> None:
    """Scenario 20, 44: a stale edit is refused, and history tells what was done."""
    user = await make_user(admin, "ann")
    path = f"{API}/users/{user['id']}"
    seen = {"If-Match": f'"{user["version"]}"'}
    names = ("First", "Second")
    answers = await gather(
        *(admin.patch(path, json={"first_name": it}, headers=seen) for it in names),
    )
    statuses = [answer.status for answer in answers]
    history = (await read(admin, f"/users/{user['id']}/history"))["items"]

    assert sorted(statuses) == [200, 412]
    assert [row["operation"] for row in history] == ["update", "insert"]
    assert history[0]["new"]["first_name"] == names[statuses.index(200)]


async def test_batches_in_opposite_order_both_succeed(
    admin: ApiClient,
    cards: list[str],
) -> None:
    """Scenario 17: a deadlock ends, and its victim is done again."""
    backwards = list(reversed(cards))
    bodies = (translation(cards, "de"), translation(backwards, "fr"))
    statuses = await gather(
        *(ask(admin, "POST /users/batch", body) for body in bodies),
    )
    page = await read(admin, "/users?q=card-")

    assert set(statuses) == {200}
    assert len({user["language"] for user in page["items"]}) == 1


async def test_taken_names_say_where(admin: ApiClient) -> None:
    """Unique without regard to case, and the refusal points at the field."""
    await make_user(admin, "Ann", email="Ann@example.com")
    login = await refusal(admin, "POST /users", NEW_USER | {"login": "aNN"})
    other = NEW_USER | {"login": "other", "email": "ann@EXAMPLE.com"}
    email = await refusal(admin, "POST /users", other)
    role = await refusal(admin, "POST /roles", {"name": "aDMIN", "permissions": []})

    assert (login["code"], pointers(login)) == ("login-taken", ["/login"])
    assert (email["code"], pointers(email)) == ("email-taken", ["/email"])
    assert (role["code"], pointers(role)) == ("role-taken", ["/name"])
