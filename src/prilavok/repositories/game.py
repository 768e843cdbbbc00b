"""What playing and delivering reads and writes."""

from typing import final

from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.repositories.esp_outbox import EspOutbox
from prilavok.repositories.play_keys import PlayKeyRepository
from prilavok.repositories.plays import PlayRepository


@final
class GameRepositories:
    """The repositories of the game but for the players that staff work on."""

    def __init__(self, session: AsyncSession) -> None:
        """Bind each to the session."""
        self.plays = PlayRepository(session)
        self.keys = PlayKeyRepository(session)
        self.outbox = EspOutbox(session)
