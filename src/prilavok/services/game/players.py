"""Players, as staff work on them."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, final
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.esp import EspState
from prilavok.domain.jobs import DELIVER_PLAYERS
from prilavok.domain.paging import Page
from prilavok.domain.players import Changes, CreatePlayer, ListPlayers, Player
from prilavok.domain.versions import Expected
from prilavok.repositories.transaction import Reading, Repositories, Transaction
from prilavok.services.alarm import Alarm
from prilavok.services.batches import read_whole
from prilavok.services.retries import retry_collisions
from prilavok.services.stale import check_version

logger = logging.getLogger(__name__)


@final
@dataclass(frozen=True, slots=True)
class PlayerService:
    """Use cases of players. New emails wait in the outbox for the provider."""

    reading: Reading
    transaction: Transaction
    alarm: Alarm

    async def get(self, player_id: UUID) -> Player:
        """Show one player."""
        async with self.reading() as repositories:
            return await repositories.players.get(player_id)

    async def list_page(self, query: ListPlayers) -> Page[Player]:
        """Show part of the players."""
        async with self.reading() as repositories:
            return await repositories.players.get_page(query)

    def stream(self, query: ListPlayers) -> AsyncIterator[Player]:
        """Show all players that pass the filters."""
        return read_whole(
            self.reading,
            lambda repositories, place: repositories.players.get_batch(query, place),
        )

    @retry_collisions
    async def create(self, actor: Actor, command: CreatePlayer) -> Player:
        """Add a player who has not played here; his email goes to the provider."""
        columns = {**_columns(command.email), "plays": command.plays}
        async with self.transaction(actor) as repositories:
            player_id = await repositories.players.add(columns)
            player = await repositories.players.get(player_id)
        logger.info("player added", extra={"player_id": str(player_id)})
        await self.alarm.ring(DELIVER_PLAYERS)
        return player

    @retry_collisions
    async def edit(
        self,
        actor: Actor,
        player_id: UUID,
        changes: Changes,
        expected: Expected,
    ) -> Player:
        """Change what is given; another email goes to the provider.

        The old one stays there: what is a contact of the provider ends there.
        """
        async with self.transaction(actor) as repositories:
            player = await repositories.players.lock(player_id)
            await check_version(repositories.last_changes, expected, "players", player)
            await _edit(repositories, player, changes)
            player = await repositories.players.get(player_id)
        logger.info("player changed", extra={"player_id": str(player_id)})
        if player.esp_state is EspState.PENDING:
            await self.alarm.ring(DELIVER_PLAYERS)
        return player

    @retry_collisions
    async def ask_again(self, actor: Actor, player_id: UUID) -> Player:
        """Have a worker ask the provider now; until then the state is pending."""
        async with self.transaction(actor) as repositories:
            await repositories.players.lock(player_id)
            await repositories.players.ask_again(player_id)
            player = await repositories.players.get(player_id)
        await self.alarm.ring(DELIVER_PLAYERS)
        return player

    @retry_collisions
    async def erase(self, actor: Actor, player_id: UUID, expected: Expected) -> None:
        """Delete all that is the person's; only his plays stay in the totals."""
        async with self.transaction(actor) as repositories:
            player = await repositories.players.lock(player_id)
            await check_version(repositories.last_changes, expected, "players", player)
            await repositories.players.erase(player_id)
        logger.info("player erased", extra={"player_id": str(player_id)})


async def _edit(repositories: Repositories, player: Player, changes: Changes) -> None:
    columns = dict(changes)
    email: EmailAddress | None = columns.pop("email", None)
    if email is not None and email.normalised != player.email:
        await repositories.players.edit_email(player.id, columns | _columns(email))
    elif columns:
        await repositories.players.edit(player.id, columns)


def _columns(email: EmailAddress) -> dict[str, Any]:
    return {"email": email.normalised, "email_given": email.given}
