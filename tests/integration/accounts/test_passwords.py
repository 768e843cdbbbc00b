"""Passwords with the real parameters. Numbers: SECURITY.md, section 2."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from prilavok.clients.passwords import MAX_WAITING, Passwords
from prilavok.domain.errors import Unavailable
from tests.counting_hasher import CountingHasher

PASSWORD: Final = "correct horse battery"


@asynccontextmanager
async def passwords(hasher: PasswordHasher | None = None) -> AsyncIterator[Passwords]:
    """Open the threads for as long as the block runs."""
    opened = Passwords(hasher)
    yield opened
    opened.close()


async def test_hash_is_argon2id_with_its_parameters() -> None:
    """12: RFC 9106's second recommendation, and a salt of its own each time."""
    async with passwords() as judge:
        hashes = [await judge.make_hash(PASSWORD) for _ in range(2)]

    assert hashes[0] != hashes[1]
    assert all(it.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for it in hashes)


async def test_rises_of_parameters_are_noticed() -> None:
    """12: an older hash still opens, and is told from today's."""
    old = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    async with passwords() as judge:
        assert await judge.is_right(PASSWORD, old)
        assert judge.is_outdated(old)
        assert not judge.is_outdated(await judge.make_hash(PASSWORD))


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=1", "\0"])
async def test_broken_hash_opens_for_nobody(broken: str) -> None:
    """A damaged row is a wrong password, not a failure."""
    async with passwords() as judge:
        assert not await judge.is_right(PASSWORD, broken)


async def test_queue_is_bounded() -> None:
    """12: a hundred may wait; beyond the limit callers are told to come back."""
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    async with passwords(hasher) as judge:
        asked = [judge.make_hash(PASSWORD) for _ in range(MAX_WAITING + 10)]
        done = await gather(*asked, return_exceptions=True)
        refused = [it for it in done if isinstance(it, Unavailable)]
        again = await judge.make_hash(PASSWORD)

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
        known = await judge.make_hash(stored)

        assert await judge.is_right(typed, known)
        assert not await judge.is_right(typed.upper(), known)
        assert not await judge.is_right(f"{typed} ", known)


async def test_hashes_made_before_stay_valid() -> None:
    """What was hashed as it was typed opens for who types it so."""
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    old = hasher.hash("Jose\u0301 likes tea")
    async with passwords(hasher) as judge:
        assert await judge.is_right("Jose\u0301 likes tea", old)
        assert not await judge.is_right("Jose likes tea", old)


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
        known = await judge.make_hash(PASSWORD)
        counts = []
        for stored in (known, None):
            hasher.hashes = 0
            assert not await judge.is_right(password, stored)
            counts.append(hasher.hashes)

    assert counts == [hashes, hashes]
