"""Counting plays, as many at once as there are connections to spare."""

from asyncio import Semaphore, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, final

from prilavok.domain.access import Actor
from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.errors import Unavailable
from prilavok.domain.plays import (
    CountedPlay,
    KeyedPlay,
    KeyReused,
    PlayKey,
    RegisterPlay,
)
from prilavok.repositories.transaction import Autocommit, Reading, Transaction
from prilavok.services.retries import retry_collisions

# The rest of the pool is for everybody else: no crowd of players locks staff out.
MAX_AT_ONCE: Final = 8
WAIT_SECONDS: Final = 3


@final
@dataclass(frozen=True, slots=True)
class PlayCounting:
    """Counts plays in the database.

    ``lease``: for how long who counts a first play may ask the provider himself.
    ``Unavailable`` where neither database nor place in the line is to be had.
    """

    reading: Reading
    autocommit: Autocommit
    transaction: Transaction
    lease: timedelta
    _places: Semaphore = field(default_factory=lambda: Semaphore(MAX_AT_ONCE))

    async def count(self, email: EmailAddress) -> CountedPlay:
        """Count one play."""
        async with self._place(), self.autocommit() as repositories:
            return await repositories.game.plays.count(email, self.lease)

    @retry_collisions
    async def count_keyed(
        self,
        actor: Actor,
        command: RegisterPlay,
        key: PlayKey,
    ) -> CountedPlay | KeyedPlay:
        """Count one play and store its key with it, or find what the key stands for.

        Raises ``KeyReused`` where that was another body.
        """
        async with self._place(), self.transaction(actor) as repositories:
            if await repositories.game.keys.take(key, command.fingerprint):
                counted = await repositories.game.plays.count(
                    command.email,
                    self.lease,
                )
                await repositories.game.keys.note(key, counted)
                return counted
            known = await repositories.game.keys.find(key)
        if known is None:
            raise Unavailable("This play was erased in this moment.")
        if known.body_hash != command.fingerprint:
            raise KeyReused
        return known

    async def foresee(
        self,
        email: EmailAddress,
        key: PlayKey | None,
    ) -> CountedPlay | None:
        """Tell what the next play will meet, counting nothing.

        Raises ``KeyReused`` where the key stands for a play.
        """
        async with self._place(), self.reading() as repositories:
            if key is not None and await repositories.game.keys.find(key) is not None:
                raise KeyReused
            return await repositories.game.plays.find(email)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise Unavailable("Too many play at once; try again soon.") from error
        try:
            yield
        finally:
            self._places.release()
