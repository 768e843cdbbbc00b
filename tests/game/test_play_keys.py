"""Idempotency-Key on POST /plays: sent again, it happened once."""

from asyncio import gather
from typing import Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.domain.access import Actor
from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.plays import PlayKey, RegisterPlay
from prilavok.services.container import Services
from tests.api.calls import refusal
from tests.api.people import ApiClient
from tests.esp.modes import Mode
from tests.esp.server import EspServer
from tests.game.playing import PENDING, PLAYS, play, stored

ANN: Final = "ann@example.com"
BOB: Final = "bob@example.com"
KEY: Final = "Idempotency-Key"
DAY_LATER: Final = text("UPDATE play_keys SET created_at = now() - interval '25 hours'")
BAD_KEYS: Final = ("", "a" * 256, "a b", "ключ")


async def test_same_key_is_told_the_same(
    client: ApiClient,
    owner_engine: AsyncEngine,
) -> None:
    """Also when much has happened meanwhile; another key is another play."""
    first = await play(client, ANN, Idempotency_Key="one")
    await play(client, ANN)
    again = await play(client, ANN, Idempotency_Key="one")
    other = await play(client, ANN, Idempotency_Key="two")

    assert again == first
    assert other["plays"] == 3
    assert await stored(owner_engine) == {ANN: (3, "created")}


async def test_same_key_with_another_body_is_refused(
    client: ApiClient,
    owner_engine: AsyncEngine,
) -> None:
    """422, and not counted: the mail is the same, and written in another way."""
    await play(client, ANN, Idempotency_Key="one")
    body = {"email": ANN.upper()}
    problem = await refusal(client, "POST /plays", body, {KEY: "one"})

    assert (problem["status"], problem["code"]) == (422, "idempotency-key-reused")
    assert await stored(owner_engine) == {ANN: (1, "created")}


async def test_same_key_with_another_mail_is_another_play(
    client: ApiClient,
    owner_engine: AsyncEngine,
) -> None:
    """Keys belong to their mails: both are counted, and each is told its own again."""
    ann = await play(client, ANN, Idempotency_Key="one")
    bob = await play(client, BOB, Idempotency_Key="one")
    again = [await play(client, email, Idempotency_Key="one") for email in (ANN, BOB)]

    assert again == [ann, bob]
    assert bob["in_game"] is False
    counted = (1, "created")
    assert await stored(owner_engine) == {ANN: counted, BOB: counted}


async def test_key_of_a_play_is_no_robots(client: ApiClient) -> None:
    """A filled-in honeypot is another body; the key it comes with stays unused."""
    robot = {"email": ANN, "website": "http://spam.example"}
    unused = await client.post(PLAYS, json=robot, headers={KEY: "one"})
    first = await play(client, ANN, Idempotency_Key="one")
    problem = await refusal(client, "POST /plays", robot, {KEY: "one"})

    assert (unused.status, first["plays"]) == (201, 1)
    assert (problem["status"], problem["code"]) == (422, "idempotency-key-reused")


async def test_parallel_requests_with_a_key_are_one_play(
    client: ApiClient,
    esp: EspServer,
    owner_engine: AsyncEngine,
) -> None:
    """All are told what the one is told that waits for the provider."""
    answers = await gather(
        *(play(client, ANN, Idempotency_Key="one") for _ in range(20)),
    )

    assert [answer for answer in answers if answer != answers[0]] == []
    assert (answers[0]["in_esp"], answers[0]["plays"]) == (False, 1)
    assert await stored(owner_engine) == {ANN: (1, "created")}
    assert sum(esp.ledger.made.values()) == 1


async def test_parallel_requests_agree_when_the_provider_hangs(
    client: ApiClient,
    esp: EspServer,
) -> None:
    """Nobody is told more than another."""
    esp.turn(Mode.HANGS)
    answers = await gather(
        *(play(client, ANN, Idempotency_Key="one") for _ in range(5)),
    )

    assert {(it["esp_state"], it["in_esp"]) for it in answers} == {PENDING}


async def test_play_whose_process_died_is_not_counted_twice(
    client: ApiClient,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Killed after the count, before the answer: who asks again is told of that one."""
    key, command = str(uuid4()), RegisterPlay(EmailAddress.parse(ANN))
    owned = PlayKey.of(key, command.email)
    await services.plays.counting.count_keyed(Actor("killed"), command, owned)
    again = await play(client, ANN, Idempotency_Key=key)
    once_more = await play(client, ANN, Idempotency_Key=key)

    assert (again["plays"], again["in_game"]) == (1, False)
    assert once_more == again
    assert await stored(owner_engine) == {ANN: (1, "pending")}


async def test_keys_are_forgotten_after_a_day(
    client: ApiClient,
    services: Services,
    owner_engine: AsyncEngine,
) -> None:
    """Then the same key is a new play; what nobody asks for again is removed."""
    for key in ("one", "two"):
        await play(client, ANN, Idempotency_Key=key)
    async with owner_engine.begin() as connection:
        await connection.execute(DAY_LATER)
    again = await play(client, ANN, Idempotency_Key="one")
    assert await services.deliveries.clean() == 1
    async with owner_engine.connect() as connection:
        kept = await connection.scalars(text("SELECT key FROM play_keys"))

    assert again["plays"] == 3
    assert kept.all() == ["one"]


async def test_bad_keys_are_refused(client: ApiClient) -> None:
    """They need 1 to 255 visible ASCII characters."""
    for key in BAD_KEYS:
        problem = await refusal(client, "POST /plays", {"email": ANN}, {KEY: key})

        assert (key, problem["status"]) == (key, 422)
