"""Passwords with the real parameters. Numbers: docs/security.md."""

from asyncio import create_task, gather, sleep, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from prilavok.clients.fair_line import MAX_WAITING, FairLine
from prilavok.clients.passwords import Passwords
from prilavok.domain.errors import Unavailable
from tests.counting_hasher import CountingHasher

PASSWORD: Final = "correct horse battery"
HERE: Final = "127.0.0.1"
ELSEWHERE: Final = "127.0.0.2"


@asynccontextmanager
async def passwords(hasher: PasswordHasher | None = None) -> AsyncIterator[Passwords]:
    """Open the threads for as long as the block runs."""
    opened = Passwords(hasher)
    yield opened
    opened.close()


async def test_hash_is_argon2id_with_its_parameters() -> None:
    """12: RFC 9106's second recommendation, and a salt of its own each time."""
    async with passwords() as judge:
        hashes = [await judge.make_hash(PASSWORD, HERE) for _ in range(2)]

    assert hashes[0] != hashes[1]
    assert all(it.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for it in hashes)


async def test_rises_of_parameters_are_noticed() -> None:
    """12: an older hash still opens, and is told from today's."""
    old = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    async with passwords() as judge:
        assert await judge.is_right(PASSWORD, old, HERE)
        assert judge.is_outdated(old)
        assert not judge.is_outdated(await judge.make_hash(PASSWORD, HERE))


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=1", "\0"])
async def test_broken_hash_opens_for_nobody(broken: str) -> None:
    """A damaged row is a wrong password, not a failure."""
    async with passwords() as judge:
        assert not await judge.is_right(PASSWORD, broken, HERE)


async def test_queue_is_bounded() -> None:
    """12: a hundred may wait; beyond the limit callers are told to come back."""
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    async with passwords(hasher) as judge:
        # One is at work for each thread.
        number = judge.threads + MAX_WAITING + 10
        asked = [judge.make_hash(PASSWORD, HERE) for _ in range(number)]
        done = await gather(*asked, return_exceptions=True)
        refused = [it for it in done if isinstance(it, Unavailable)]
        again = await judge.make_hash(PASSWORD, HERE)

    assert MAX_WAITING >= 100
    assert len(refused) == 10
    assert again


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Jos\u00e9 likes tea", "Jose\u0301 likes tea"),
        ("Jose\u0301 likes tea", "Jos\u00e9 likes tea"),
        ("a wide\u00a0space", "a\u3000wide space"),
        ("\u212bngstr\u00f6m unit", "A\u030angstro\u0308m unit"),
    ],
)
async def test_same_password_of_another_keyboard_is_right(
    stored: str,
    typed: str,
) -> None:
    """RFC 8265: compared in NFC, with plain spaces; case and width stay."""
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    async with passwords(hasher) as judge:
        known = await judge.make_hash(stored, HERE)

        assert await judge.is_right(typed, known, HERE)
        assert not await judge.is_right(typed.upper(), known, HERE)
        assert not await judge.is_right(f"{typed} ", known, HERE)


async def test_hashes_made_before_stay_valid() -> None:
    """What was hashed as it was typed opens for who types it so."""
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    old = hasher.hash("Jose\u0301 likes tea")
    async with passwords(hasher) as judge:
        assert await judge.is_right("Jose\u0301 likes tea", old, HERE)
        assert not await judge.is_right("Jose likes tea", old, HERE)


@pytest.mark.parametrize(
    ("password", "hashes"),
    [("wrong horse battery", 1), ("jose\u0301 horse battery", 2)],
)
async def test_unknown_costs_as_many_hashes_as_known(
    password: str,
    hashes: int,
) -> None:
    """Two at most, and the login decides nothing."""
    hasher = CountingHasher()
    async with passwords(hasher) as judge:
        known = await judge.make_hash(PASSWORD, HERE)
        counts = []
        for stored in (known, None):
            hasher.hashes = 0
            assert not await judge.is_right(password, stored, HERE)
            counts.append(hasher.hashes)

    assert counts == [hashes, hashes]


async def check(line: FairLine, origin: str, served: list[str]) -> None:
    """Take one turn."""
    async with line.turn(origin):
        served.append(origin)
        await sleep(0)


async def test_crowd_from_one_address_does_not_hold_up_another() -> None:
    """12: the owner waits for one check of the crowd, not for all of them."""
    served: list[str] = []
    line = FairLine(1)
    crowd = [create_task(check(line, HERE, served)) for _ in range(MAX_WAITING)]
    await sleep(0)
    await gather(*crowd, check(line, ELSEWHERE, served))

    assert served.index(ELSEWHERE) < 5


async def test_full_line_is_left_by_the_last_of_the_crowd() -> None:
    """12: whoever comes from elsewhere is admitted all the same."""
    served: list[str] = []
    line = FairLine(1)
    crowd = [check(line, HERE, served) for _ in range(MAX_WAITING + 2)]
    comer = check(line, ELSEWHERE, served)
    done = await gather(*crowd, comer, return_exceptions=True)
    refused = [isinstance(it, Unavailable) for it in done]

    assert served.count(ELSEWHERE) == 1
    # The last who waited makes room; the one behind found no place anyway.
    assert [number for number, it in enumerate(refused) if it] == [
        MAX_WAITING,
        MAX_WAITING + 1,
    ]


async def test_whoever_leaves_the_line_holds_nobody_up() -> None:
    """12: turns of clients that left go to the next; none is lost."""
    served: list[str] = []
    line = FairLine(1)
    for _ in range(20):
        checks = [create_task(check(line, HERE, served)) for _ in range(20)]
        for leaving in checks[1::2]:
            await sleep(0)
            leaving.cancel()
        await gather(*checks, return_exceptions=True)

    async with timeout(1), line.turn(HERE):
        assert served
