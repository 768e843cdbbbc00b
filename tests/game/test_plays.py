"""POST /plays as the contract has it. Numbers: docs/security.md."""

from dataclasses import replace
from typing import Final

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.app import create_app
from prilavok.services.container import Services
from prilavok.settings import Settings
from tests.api.calls import pointers, refusal
from tests.api.people import ApiClient, browser, serve
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import PLAYS, deliver, play, stored

SAME_MAIL: Final = (
    "ann.o'neil+shop@bücher.example",
    "  Ann.O'Neil+Shop@BÜCHER.example\t",
    "ANN.O'NEIL+SHOP@xn--bcher-kva.EXAMPLE",
    "ann.o'neil+shop@bu\u0308cher.example",
)
NO_MAILS: Final = (
    "",
    " ",
    "ann",
    "ann@",
    "@example.com",
    "ann@example",
    "ann@exa mple.com",
    "ann@example.com\r\nBcc: bob@example.com",
    "ann@example.com\n",
    "\nann@example.com",
    "ann@example.com,bob@example.com",
    "ann@example.com;bob@example.com",
    "Ann <ann@example.com>",
    "ann@[127.0.0.1]",
    '"ann"@example.com',
    "ann@example..com",
    ".ann@example.com",
    f"{'a' * 65}@example.com",
    f"ann@{'a' * 250}.com",
    "ann@xn--0.example",
    "ann@example.com\u202e",
    "ann\u200b@example.com",
    None,
    7,
    ["ann@example.com"],
    {"email": "ann@example.com"},
)


async def test_player_is_told_what_was_before(
    client: ApiClient, esp: EspServer
) -> None:
    """First play, later plays, and a mail that the provider had."""
    esp.ledger.create("bob@example.com")
    first = await play(client, "ann@example.com")
    later = await play(client, "ann@example.com")
    known = await play(client, "bob@example.com")

    assert first == {
        "email": "ann@example.com",
        "in_esp": False,
        "esp_state": "created",
        "in_game": False,
        "plays": 1,
    }
    assert later == first | {"in_esp": True, "in_game": True, "plays": 2}
    assert (known["in_esp"], known["esp_state"], known["plays"]) == (True, "known", 1)


async def test_repeat_plays_never_ask_the_provider(
    client: ApiClient,
    esp: EspServer,
) -> None:
    """Whatever it does then, they are answered from our own row."""
    await play(client, "ann@example.com")
    asked = esp.calls
    esp.turn(Mode.HANGS)

    assert (await play(client, "ann@example.com"))["in_esp"] is True
    assert esp.calls == asked


async def test_mail_is_one_however_it_is_written(
    client: ApiClient,
    esp: EspServer,
    owner_engine: AsyncEngine,
) -> None:
    """28: spaces, case, Unicode forms and IDNA make no second player."""
    answers = [await play(client, email) for email in SAME_MAIL]

    assert [answer["plays"] for answer in answers] == [1, 2, 3, 4]
    assert {answer["email"] for answer in answers} == {
        "ann.o'neil+shop@xn--bcher-kva.example",
    }
    assert len(await stored(owner_engine)) == 1
    assert sum(esp.ledger.made.values()) == 1


async def test_what_is_no_mail_is_refused(client: ApiClient, esp: EspServer) -> None:
    """28: line breaks, lists, names and NUL reach neither database nor provider."""
    for email in NO_MAILS:
        problem = await refusal(client, "POST /plays", {"email": email})

        assert (email, problem["status"]) == (email, 422)
        assert (email, pointers(problem)) == (email, ["/email"])
    assert esp.calls == 0


async def test_mail_refused_for_good_is_never_sent_again(
    client: ApiClient,
    esp: EspServer,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """It is counted, and told as rejected."""
    first = await play(client, "ann@blocked.example")
    asked = esp.calls
    await deliver(services, owner_engine)
    again = await play(client, "ann@blocked.example")

    assert (first["in_esp"], first["esp_state"]) == (None, "rejected")
    assert (again["in_esp"], again["esp_state"], again["plays"]) == (
        None,
        "rejected",
        2,
    )
    assert esp.calls == asked


async def test_robots_are_answered_and_not_counted(
    client: ApiClient,
    esp: EspServer,
    owner_engine: AsyncEngine,
) -> None:
    """29: who fills in what people cannot see cannot tell that it was noticed."""
    await play(client, "ann@example.com")
    asked = esp.calls
    answers = []
    for email in ("ann@example.com", "bob@example.com"):
        body = {"email": email, "website": "http://spam.example"}
        response = await client.post(PLAYS, json=body)
        answers.append((response.status, await response.json()))

    assert answers[0][1] == await play(client, "ann@example.com")
    assert answers[1] == (
        201,
        {
            "email": "bob@example.com",
            "in_esp": False,
            "esp_state": "created",
            "in_game": False,
            "plays": 1,
        },
    )
    assert await stored(owner_engine) == {"ann@example.com": (2, "created")}
    assert esp.calls == asked


async def test_bodies_have_at_most_four_kibibytes(client: ApiClient) -> None:
    """29: also unpacked, and without its length told."""
    padding = " " * (4096 - len('{"email": "ann@example.com"}'))
    for more, status in (("", 201), (" ", 413)):
        response = await client.post(
            PLAYS,
            data=f'{{"email": "ann@example.com"{padding}{more}}}',
            headers={"Content-Type": "application/json"},
        )

        assert response.status == status


async def test_nobody_learns_who_plays_where_that_is_not_revealed(
    settings: Settings,
    hasher: PasswordHasher,
    empty_tables: None,
    esp: EspServer,
    owner_engine: AsyncEngine,
) -> None:
    """28: GAME_REVEAL=false: all answers are alike, and a worker asks."""
    esp.ledger.create("known@example.com")
    settings = replace(settings, game_reveal=False)
    async with serve(create_app(settings, hasher)) as server, browser(server) as client:
        answers = []
        for email in ("ann@example.com", "ann@example.com", "known@example.com"):
            response = await client.post(PLAYS, json={"email": email})
            answers.append((response.status, await response.json()))

    assert answers == [
        (200, {"email": "ann@example.com"}),
        (200, {"email": "ann@example.com"}),
        (200, {"email": "known@example.com"}),
    ]
    assert esp.calls == 0
    assert await stored(owner_engine) == {
        "ann@example.com": (2, "pending"),
        "known@example.com": (1, "pending"),
    }
