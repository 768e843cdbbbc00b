"""Playing: count in the database first, ask the provider after."""

from asyncio import get_running_loop, sleep
from dataclasses import dataclass, replace
from typing import Final, final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.esp import EspAnswer, EspState
from prilavok.domain.origins import origin_of
from prilavok.domain.plays import (
    CountedPlay,
    KeyedPlay,
    Outcome,
    Play,
    PlayKey,
    RegisterPlay,
    TooManyPlays,
)
from prilavok.repositories.play_limits import PlayLimits
from prilavok.repositories.transaction import Autocommit
from prilavok.services.game.counting import PlayCounting
from prilavok.services.game.first_asking import FirstAsking

NOBODY: Final = UUID(int=0)
POLL_SECONDS: Final = 0.05
# What counting and storing may take beside asking the provider.
GRACE_SECONDS: Final = 1


@final
@dataclass(frozen=True, slots=True)
class PlayService:
    """The use case of players. Without ``reveals`` nobody learns of other plays.

    Then the provider is not asked while the player waits either: the time that takes
    would tell.
    """

    counting: PlayCounting
    asking: FirstAsking
    limits: PlayLimits
    autocommit: Autocommit
    reveals: bool

    async def register(
        self,
        actor: Actor,
        command: RegisterPlay,
        key: str | None = None,
    ) -> Outcome:
        """Count one play; whatever the provider does, it is not lost.

        The same ``key`` of the same mail counts once, and is told the same for a day.
        Raises ``TooManyPlays``, ``KeyReused``, and ``Unavailable`` when nothing was
        counted.
        """
        origin = origin_of(actor.address)
        wait = await self.limits.take(origin, command.email.normalised)
        if wait:
            raise TooManyPlays("You play too often.", wait)
        owned = None if key is None else PlayKey.of(key, command.email)
        if command.website:
            play = await self._pretend(command, owned)
        elif owned is None:
            play = await self._tell(command, await self.counting.count(command.email))
        else:
            play = await self._register_keyed(actor, command, owned)
        return Outcome(play, self.reveals)

    async def _tell(self, command: RegisterPlay, counted: CountedPlay) -> Play:
        email, answer = command.email.normalised, None
        if self.reveals and counted.is_first:
            answer = await self.asking.ask(counted, email)
        return counted.told(email, answer)

    async def _pretend(self, command: RegisterPlay, key: PlayKey | None) -> Play:
        """Answer a robot as if it had played; nothing is counted, nobody asked.

        Whoever plays twice can tell, for the second play is told the same. So it does
        not wait either for as long as a provider would take: that hides nothing from
        who looks closely, and each robot would hold a connection meanwhile.
        """
        seen = await self.counting.foresee(command.email, key)
        email = command.email.normalised
        if seen is None:
            nobody = CountedPlay(NOBODY, 1, EspState.PENDING, is_first=True)
            return nobody.told(email, EspAnswer(EspState.CREATED))
        return replace(seen, plays=seen.plays + 1).told(email)

    async def _register_keyed(
        self,
        actor: Actor,
        command: RegisterPlay,
        key: PlayKey,
    ) -> Play:
        known = await self.counting.count_keyed(actor, command, key)
        if isinstance(known, CountedPlay):
            play = await self._tell(command, known)
        else:
            play = await self._await_told(command, key, known)
        async with self.autocommit() as repositories:
            told = await repositories.game.keys.finish(key, play)
        return play if told is None else told.told(play.email)

    async def _await_told(
        self,
        command: RegisterPlay,
        key: PlayKey,
        known: KeyedPlay,
    ) -> Play:
        """Wait for what the same request, sent before, is told; it may have died."""
        clock = get_running_loop().time
        deadline = clock() + self.asking.seconds + GRACE_SECONDS
        while known.esp_state is None and clock() < deadline:
            await sleep(POLL_SECONDS)
            async with self.autocommit() as repositories:
                known = await repositories.game.keys.find(key) or known
        return known.told(command.email.normalised)
