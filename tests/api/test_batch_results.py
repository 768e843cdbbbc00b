"""A batch is judged by its result; one password is asked for, and checked once."""

from asyncio import gather
from collections import Counter
from typing import Any, Final

import pytest

from tests.api.calls import ask, own_id, pointers, read, refusal
from tests.api.people import (
    API,
    NEW_USER,
    PASSWORD,
    ApiClient,
    make_role,
    make_user,
    sign_in,
)
from tests.counting_hasher import CountingHasher

USERS: Final = "POST /users/batch"
ROLES: Final = "POST /roles/batch"
MANY: Final = 1000
MAIL_OF_BOB: Final = "BOB@example.com"


@pytest.fixture
def hasher() -> CountingHasher:
    """Count the hashes of the server."""
    return CountingHasher()


def new(login: str, **fields: Any) -> dict[str, Any]:
    """Describe one more account."""
    return NEW_USER | {"login": login} | fields


async def pair(admin: ApiClient) -> list[str]:
    """Have two accounts; return their ids."""
    return [
        (await make_user(admin, login, email=f"{login}@example.com"))["id"]
        for login in ("ann", "bob")
    ]


async def test_logins_and_mails_can_be_swapped(
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """In one batch, though each step alone would be refused."""
    ann, bob = await pair(admin)
    body = {
        "update": [
            {"id": ann, "login": "BOB", "email": "bob@example.com"},
            {"id": bob, "login": "Ann", "email": "ann@example.com"},
        ],
    }
    answer = await admin.post(f"{API}/users/batch", json=body)
    done = await answer.json()

    assert answer.status == 200, done
    await sign_in(client, "bob")
    assert await own_id(client) == ann
    assert [(it["login"], it["email"]) for it in done["updated"]] == [
        ("BOB", "bob@example.com"),
        ("Ann", "ann@example.com"),
    ]


async def test_deleted_accounts_can_be_made_again(admin: ApiClient) -> None:
    """Creating stands before deleting in a batch, and that does not matter."""
    ann, bob = await pair(admin)
    again = new("Ann", email="ANN@example.com")
    body = {
        "create": [again],
        "update": [{"id": bob, "login": "carl"}],
        "delete": [ann],
    }

    assert await ask(admin, USERS, body) == 200
    assert await ask(admin, USERS, {"create": [new("bob")]}) == 200
    assert {it["login"] for it in (await read(admin, "/users"))["items"]} == {
        "admin",
        "Ann",
        "bob",
        "carl",
    }


async def test_names_of_roles_can_be_swapped_and_taken_over(admin: ApiClient) -> None:
    """As logins can."""
    ids = [(await make_role(admin, name))["id"] for name in ("One", "Two", "Three")]
    swapped = {
        "create": [{"name": "three", "permissions": []}],
        "update": [{"id": ids[0], "name": "TWO"}, {"id": ids[1], "name": "ONE"}],
        "delete": [ids[2]],
    }

    assert await ask(admin, ROLES, swapped) == 200
    names = [it["name"] for it in (await read(admin, "/roles"))["items"]]
    assert sorted(names) == ["Admin", "ONE", "TWO", "User", "three"]


async def test_result_that_is_not_unique_names_its_items(admin: ApiClient) -> None:
    """All of them: who takes what stays, and of two alike the later."""
    ann, bob = await pair(admin)
    role = await make_role(admin, "Cook")
    taken = await refusal(
        admin,
        USERS,
        {
            "create": [new("carl"), new("ANN")],
            "update": [{"id": bob, "first_name": "B"}, {"id": bob, "login": "Carl"}],
        },
    )
    mail = await refusal(admin, USERS, {"update": [{"id": ann, "email": MAIL_OF_BOB}]})
    names = {"create": [{"name": "COOK", "permissions": []}]}
    name = await refusal(admin, ROLES, names)
    renamed = await refusal(
        admin, ROLES, {"update": [{"id": role["id"], "name": "user"}]}
    )

    assert (taken["status"], taken["code"]) == (409, "login-taken")
    assert sorted(pointers(taken)) == ["/create/1/login", "/update/1/login"]
    assert (mail["code"], pointers(mail)) == ("email-taken", ["/update/0/email"])
    assert mail["errors"][0]["code"] == "email-taken"
    assert (name["code"], pointers(name)) == ("role-taken", ["/create/0/name"])
    assert (renamed["code"], pointers(renamed)) == ("role-taken", ["/update/0/name"])
    assert (await read(admin, "/users"))["total"] == 3


async def test_equal_batches_at_once_make_one(admin: ApiClient) -> None:
    """Whoever comes second is told which item is in the way."""
    body = {"create": [new("other"), new("twin")]}
    problems = await gather(
        *(admin.post(f"{API}/users/batch", json=body) for _ in "1234")
    )
    statuses = Counter(answer.status for answer in problems)
    refused = [await it.json() for it in problems if it.status == 409]

    assert statuses == {200: 1, 409: 3}
    assert {tuple(pointers(problem)) for problem in refused} == {
        ("/create/0/login", "/create/1/login"),
    }


async def test_updates_may_name_the_version_they_were_made_from(
    admin: ApiClient,
) -> None:
    """A stale one refuses all; two updates of a row were made from the same."""
    ann, bob = await pair(admin)
    role = await make_role(admin, "Cook")
    first = {"id": ann, "version": 1, "first_name": "One"}
    stale = {"update": [first, {"id": bob, "version": 2, "last_name": "Two"}]}
    problem = await refusal(admin, USERS, stale)
    both = {"update": [first, {"id": ann, "version": 1, "last_name": "Two"}]}
    roles = {"update": [{"id": role["id"], "version": 7, "name": "Chef"}]}
    of_role = await refusal(admin, ROLES, roles)

    assert (problem["status"], problem["code"]) == (412, "stale")
    assert (pointers(problem), problem["current"]) == (["/update/1"], 1)
    assert problem["errors"][0]["code"] == "stale"
    assert (await read(admin, f"/users/{ann}"))["first_name"] == "Ann"
    assert await ask(admin, USERS, both) == 200
    assert (of_role["code"], pointers(of_role)) == ("stale", ["/update/0"])
    assert (await refusal(admin, USERS, both))["code"] == "stale"


@pytest.mark.parametrize("version", [0, "1", True, None])
async def test_versions_are_positive_numbers(admin: ApiClient, version: Any) -> None:
    """Anything else is refused."""
    body = {"update": [{"id": await own_id(admin), "version": version}]}

    assert pointers(await refusal(admin, USERS, body)) == ["/update/0/version"]


async def test_thousand_own_mails_cost_one_hash(
    admin: ApiClient,
    hasher: CountingHasher,
) -> None:
    """One password for all of the batch, or the same one in every item."""
    me = await own_id(admin)
    changes = [{"id": me, "email": f"me{it}@example.com"} for it in range(MANY)]
    repeated = [one | {"current_password": PASSWORD} for one in reversed(changes)]
    before = hasher.hashes
    whole = await ask(admin, USERS, {"update": changes, "current_password": PASSWORD})
    items = await ask(admin, USERS, {"update": repeated})

    assert (whole, items) == (200, 200)
    assert hasher.hashes - before == 2


async def test_wrong_password_costs_one_hash_and_says_where_it_stands(
    admin: ApiClient,
    hasher: CountingHasher,
) -> None:
    """No hash is made for the new accounts of a batch that is refused."""
    me = await own_id(admin)
    mine = {"id": me, "email": "me@example.com"}
    create = [new(f"new-{number}") for number in range(20)]
    before = hasher.hashes
    whole = {"create": create, "update": [mine], "current_password": "wrong"}
    inside = {"create": create, "update": [mine | {"current_password": "wrong"}]}

    assert pointers(await refusal(admin, USERS, whole)) == ["/current_password"]
    assert pointers(await refusal(admin, USERS, inside)) == [
        "/update/0/current_password"
    ]
    assert hasher.hashes - before == 2


async def test_several_passwords_are_refused_unseen(
    admin: ApiClient,
    hasher: CountingHasher,
) -> None:
    """A batch is no way to guess many; none at all is told, too."""
    me = await own_id(admin)
    mine = {"id": me, "email": "me@example.com"}
    guesses = [mine | {"current_password": guess} for guess in ("a", "b", "a")]
    before = hasher.hashes
    several = await refusal(admin, USERS, {"update": guesses})
    none = await refusal(admin, USERS, {"update": [mine]})

    assert pointers(several) == ["/update/1/current_password"]
    assert pointers(none) == ["/update/0/current_password"]
    assert hasher.hashes == before
