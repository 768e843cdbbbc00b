"""Players, as staff work on them."""

import csv
from io import StringIO
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.container import Services
from tests.api.calls import ask, pointers, read, refusal
from tests.api.people import API, ApiClient
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import deliver, play

ANN: Final = "ann@example.com"
BOB: Final = "bob@blocked.example"
FIELDS: Final = frozenset(
    (
        "id",
        "email",
        "plays",
        "in_esp",
        "esp_state",
        "esp_error",
        "first_played_at",
        "last_played_at",
        "version",
    ),
)


@pytest.fixture
async def ann(admin: ApiClient) -> dict[str, Any]:
    """Have Ann, who has played twice."""
    await play(admin, ANN)
    await play(admin, ANN)
    found: dict[str, Any] = (await read(admin, "/players?q=ann"))["items"][0]
    return found


async def history_of(admin: ApiClient, player: dict[str, Any]) -> list[Any]:
    """Read the changes of one player, oldest first."""
    found = await read(admin, f"/history?table=players&row_id={player['id']}")
    return list(reversed(found["items"]))


async def test_plays_are_seen(admin: ApiClient, ann: dict[str, Any]) -> None:
    """A player has every field of the contract."""
    await play(admin, BOB)
    refused = (await read(admin, "/players?esp_state=rejected"))["items"]
    one = await read(admin, f"/players/{ann['id']}")

    assert set(one) == FIELDS
    assert (one["plays"], one["in_esp"], one["esp_state"]) == (2, True, "created")
    assert one["first_played_at"] < one["last_played_at"]
    assert [it["email"] for it in refused] == [BOB]
    assert refused[0]["in_esp"] is None
    assert refused[0]["esp_error"]


async def test_lists_are_filtered_sorted_and_paged(admin: ApiClient) -> None:
    """By a part of the mail, by the last play; unknown columns are refused."""
    for number, name in enumerate(("a%b", "Axb", "c_d"), start=1):
        for _ in range(number):
            await play(admin, f"{name}@example.com")
    found = await read(admin, "/players?q=A%25B")
    most = await read(admin, "/players?sort=-plays,email&per_page=2")
    past = await read(admin, "/players?played_to=2020-01-01")
    recent = await read(admin, "/players?played_from=2020-01-01&page=2&per_page=2")
    problem = await refusal(admin, "GET /players?sort=password")

    assert [it["email"] for it in found["items"]] == ["a%b@example.com"]
    assert [it["plays"] for it in most["items"]] == [3, 2]
    assert (past["total"], recent["total"], len(recent["items"])) == (0, 3, 1)
    assert problem["status"] == 422


async def test_csv_is_the_whole_filtered_set(admin: ApiClient) -> None:
    """And starts no formula."""
    await play(admin, "=cmd@example.com")
    await play(admin, ANN)
    response = await admin.get(
        f"{API}/players?per_page=1&sort=email",
        headers={"Accept": "text/csv"},
    )
    rows = list(csv.DictReader(StringIO(await response.text())))

    assert [row["email"] for row in rows] == ["'=cmd@example.com", ANN]
    assert rows[1]["esp_state"] == "created"


async def test_staff_add_correct_and_see_who_did(
    admin: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """New mails go to the provider; history tells of people and not of plays."""
    response = await admin.post(f"{API}/players", json={"email": " Eve@Example.com"})
    added = await response.json()
    path = f"/players/{added['id']}"
    await deliver(services, owner_engine)
    played = await play(admin, "eve@example.com")
    await ask(admin, f"PATCH {path}", {"email": "EVE@example.com"})
    await ask(admin, f"PATCH {path}", {"email": "adam@example.com", "plays": 7})
    edited = await read(admin, path)
    await deliver(services, owner_engine)
    told = await history_of(admin, added)

    assert (response.status, response.headers["Location"]) == (201, f"{API}{path}")
    assert (added["plays"], added["last_played_at"], added["esp_state"]) == (
        0,
        None,
        "pending",
    )
    assert (played["in_game"], played["plays"], played["in_esp"]) == (True, 1, True)
    assert (edited["plays"], edited["esp_state"]) == (7, "pending")
    assert set(esp.ledger.made) == {"eve@example.com", "adam@example.com"}
    assert [(it["operation"], it["actor"]["login"]) for it in told] == [
        ("insert", "admin"),
        ("update", "admin"),
    ]
    assert set(told[1]["changed"]) == {"email", "plays", "esp_state"}


async def test_edits_insist_on_what_was_seen(
    admin: ApiClient,
    ann: dict[str, Any],
) -> None:
    """44: a play in between makes an edit stale; taken mails are a conflict."""
    path = f"{API}/players/{ann['id']}"
    seen = {"If-Match": f'W/"{ann["version"]}"'}
    await play(admin, ANN)
    stale = await admin.patch(path, json={"plays": 1}, headers=seen)
    removal = await admin.delete(path, headers=seen)
    current = (await stale.json())["current"]
    fresh = await admin.patch(
        path,
        json={"plays": 1},
        headers={"If-Match": f'"{current}"'},
    )
    await play(admin, "eve@example.com")
    taken = await refusal(
        admin,
        f"PATCH /players/{ann['id']}",
        {"email": "EVE@example.com"},
    )

    assert (stale.status, removal.status, fresh.status) == (412, 412, 200)
    assert fresh.headers["ETag"].startswith(f'"{current + 1}.')
    assert (taken["code"], pointers(taken)) == ("player-taken", ["/email"])


async def test_erasing_takes_the_person_and_leaves_the_numbers(
    admin: ApiClient,
    ann: dict[str, Any],
    owner_engine: AsyncEngine,
) -> None:
    """No table has the mail any more, history included; the plays still count."""
    await play(admin, ANN, Idempotency_Key="one")
    await ask(admin, f"PATCH /players/{ann['id']}", {"email": "other@example.com"})
    before = (await read(admin, "/overview"))["counts"]
    status = await ask(admin, f"DELETE /players/{ann['id']}")
    after = (await read(admin, "/overview"))["counts"]
    told = await history_of(admin, ann)
    async with owner_engine.connect() as connection:
        dump = str(
            [
                (await connection.execute(text(f"SELECT * FROM {table}"))).all()
                for table in ("players", "play_keys", "history")
            ],
        )

    assert status == 204
    assert after["plays"] == before["plays"]
    assert after["players"] == before["players"] - 1
    assert [it["operation"] for it in told] == ["update", "delete"]
    assert (ANN in dump, "other@example.com" in dump) == (False, False)
    assert (await play(admin, "other@example.com"))["in_game"] is False


async def test_history_sees_sql_and_no_mail(
    ann: dict[str, Any],
    owner_engine: AsyncEngine,
) -> None:
    """30: by hand, too, one row a change; emptying the table copies no mail."""
    statements = (
        "UPDATE players SET plays = plays + 5",
        "UPDATE players SET email = 'eve@example.com'",
        "UPDATE players SET esp_leased_until = now(), esp_attempts = 3",
        "TRUNCATE players CASCADE",
    )
    async with owner_engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
        rows = await connection.execute(
            text(
                "SELECT operation, changed, old, new FROM history"
                " WHERE table_name = 'players' ORDER BY id",
            ),
        )
        told = rows.all()

    assert [(it.operation, it.changed) for it in told] == [
        ("update", ["plays"]),
        ("update", ["email"]),
        ("truncate", []),
    ]
    assert "@" not in str(told)
    assert told[-1].old["plays"] == ann["plays"] + 5


async def test_provider_is_asked_again_on_request(
    admin: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """202; the contact that went missing there is made again."""
    await play(admin, ANN)
    player = (await read(admin, "/players"))["items"][0]
    esp.ledger.spelled.clear()
    response = await admin.post(f"{API}/players/{player['id']}/esp-sync")
    asked = await response.json()
    await services.deliveries.deliver_due(1)
    synced = await read(admin, f"/players/{player['id']}")

    assert (response.status, asked["esp_state"]) == (202, "pending")
    assert (synced["esp_state"], esp.ledger.made[ANN]) == ("created", 2)
    assert [it["operation"] for it in await history_of(admin, player)] == ["update"]


async def test_pending_mails_say_why(
    admin: ApiClient,
    esp: EspServer,
) -> None:
    """Staff see what the provider does, without the mail in it."""
    esp.turn(Mode.FAILS)
    await play(admin, ANN)
    player = (await read(admin, "/players?esp_state=pending"))["items"][0]

    assert player["esp_error"]
    assert ANN not in player["esp_error"]
