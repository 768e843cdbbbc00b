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
