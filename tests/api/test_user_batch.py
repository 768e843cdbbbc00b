"""Many changes of accounts at once."""

from typing import Any, Final

import pytest

from tests.api.calls import ask, own_id, pointers, read, refusal
from tests.api.people import API, NEW_USER, ApiClient, make_user

NOWHERE: Final = "019a9f3e-7d10-7cc3-98c4-dc0c0c07398f"


def new(login: str, **fields: Any) -> dict[str, Any]:
    """Describe one more account."""
    return NEW_USER | {"login": login} | fields


async def test_batch_does_all_in_one_request(admin: ApiClient) -> None:
    """Makes, changes and deletes, and tells of each; history names one request."""
    ids = [(await make_user(admin, f"old-{number}"))["id"] for number in range(2)]
    body = {
        "create": [new("new-1"), new("new-2", email="new@example.com")],
        "update": [{"id": ids[0], "first_name": "Changed", "password": "a new horse"}],
        "delete": [ids[1]],
    }
    answer = await admin.post(f"{API}/users/batch", json=body)
    done = await answer.json()
    history = await read(admin, "/history?limit=4")

    assert answer.status == 200
    assert [user["login"] for user in done["created"]] == ["new-1", "new-2"]
    assert [(it["id"], it["version"]) for it in done["updated"]] == [(ids[0], 2)]
    assert done["deleted"] == [ids[1]]
    assert {row["request_id"] for row in history["items"]} == {
        answer.headers["X-Request-Id"],
    }
    assert history["items"][1]["changed"] == ["credentials", "first_name"]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"create": [new("a"), new("b!")]}, 422, "invalid-request", "/create/1/login"),
        ({"create": [new("a", role="No")]}, 422, "invalid-request", "/create/0/role"),
        ({"create": [new("a"), new("A")]}, 409, "login-taken", "/create/1/login"),
        ({"create": [new("a", x=1)]}, 422, "invalid-request", "/create/0/x"),
        ({"create": [None]}, 422, "invalid-request", "/create/0"),
        ({"update": [{"id": "x"}]}, 422, "invalid-request", "/update/0/id"),
        ({"update": [{"is_active": True}]}, 422, "invalid-request", "/update/0/id"),
        ({"update": [{"id": NOWHERE}]}, 422, "invalid-request", "/update/0"),
        ({"delete": [NOWHERE]}, 422, "invalid-request", "/delete/0"),
        ({"delete": ["x"]}, 422, "invalid-request", "/delete/0"),
        ({"remove": []}, 422, "invalid-request", "/remove"),
        ({"create": {}}, 422, "invalid-request", "/create"),
    ],
)
async def test_refusals_point_at_the_item(
    admin: ApiClient,
    body: dict[str, Any],
    status: int,
    code: str,
    pointer: str,
) -> None:
    """One wrong item and nothing of the batch is done."""
    problem = await refusal(admin, "POST /users/batch", body)

    assert (problem["status"], problem["code"]) == (status, code)
    assert pointers(problem) == [pointer]
    assert (await read(admin, "/users"))["total"] == 1


async def test_conflicts_within_a_batch_point_at_the_item(admin: ApiClient) -> None:
    """Updates too, and an account deleted twice."""
    ann = await make_user(admin, "ann", email="ann@example.com")
    bob = await make_user(admin, "bob")
    taken = {"update": [{"id": bob["id"], "email": "ANN@example.com"}]}
    mail = await refusal(admin, "POST /users/batch", taken)
    twice = {"create": [new("carl")], "delete": [ann["id"], ann["id"]]}
    again = await refusal(admin, "POST /users/batch", twice)

    assert (mail["status"], pointers(mail)) == (409, ["/update/0/email"])
    assert (again["status"], pointers(again)) == (422, ["/delete/1"])
    assert (await read(admin, "/users"))["total"] == 3


async def test_later_item_may_use_what_an_earlier_gives_up(admin: ApiClient) -> None:
    """Made, then changed, then deleted: in this order, as the body says it."""
    ann = await make_user(admin, "ann", email="ann@example.com")
    bob = await make_user(admin, "bob")
    body = {
        "update": [
            {"id": ann["id"], "email": None},
            {"id": bob["id"], "email": "ann@example.com"},
        ],
    }

    assert await ask(admin, "POST /users/batch", body) == 200


async def test_batches_have_limits(admin: ApiClient) -> None:
    """1,000 changes are done, 1,001 refused; 100 passwords, not 101."""
    card = await make_user(admin, "card")
    updates = [{"id": card["id"], "first_name": f"Ann {it}"} for it in range(1001)]
    passwords = [new(f"new-{number}") for number in range(101)]
    too_many = await refusal(admin, "POST /users/batch", {"update": updates})
    too_slow = await refusal(admin, "POST /users/batch", {"create": passwords})
    both = {"update": updates[1:], "delete": [card["id"]]}
    together = await refusal(admin, "POST /users/batch", both)

    assert pointers(too_many) == ["/update"]
    assert pointers(too_slow) == pointers(together) == [""]
    assert await ask(admin, "POST /users/batch", {"update": updates[1:]}) == 200
    assert await ask(admin, "POST /users/batch", {"create": passwords[1:]}) == 200
    assert (await read(admin, f"/users/{card['id']}"))["version"] == 1001
    assert (await read(admin, "/users"))["total"] == 102


async def test_empty_batch_is_fine(admin: ApiClient) -> None:
    """Nothing asked, nothing done."""
    answer = await admin.post(f"{API}/users/batch", json={})

    assert await answer.json() == {"created": [], "updated": [], "deleted": []}


async def test_batch_disables_and_signs_out(admin: ApiClient) -> None:
    """7: as one change would; one's own session, too."""
    other = await make_user(admin, "other", role="Admin")
    body = {"update": [{"id": await own_id(admin), "is_active": False}]}

    assert other["role"] == "Admin"
    assert await ask(admin, "POST /users/batch", body) == 200
    assert await ask(admin, "GET /auth/me") == 401
