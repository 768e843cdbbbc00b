"""Stored players, as staff work on them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import DateTime, String, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.errors import NotFound
from prilavok.domain.esp import EspState
from prilavok.domain.paging import Batch, Page
from prilavok.domain.players import GameTotals, ListPlayers, Player
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.filters import contains
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.listing import Listing
from prilavok.repositories.places import Place
from prilavok.repositories.tables.players import ErasedPlayersRow, PlayerRow

PLAYERS: Final = select(
    PlayerRow.id,
    PlayerRow.email,
    PlayerRow.plays,
    PlayerRow.esp_state,
    PlayerRow.esp_error,
    PlayerRow.first_played_at,
    PlayerRow.last_played_at,
    PlayerRow.version,
)
COLUMNS: Final = len(PLAYERS.selected_columns)
STATE: Final = tuple(PLAYERS.selected_columns.keys()).index("esp_state")
BY_ID: Final = HotRead(PLAYERS.where(PlayerRow.id == bindparam("id")))
MOMENT: Final = DateTime(timezone=True)
LISTING: Final = Listing(
    base=PLAYERS,
    filters={
        "search": contains("search", PlayerRow.email, PlayerRow.email_given),
        "esp_state": PlayerRow.esp_state == bindparam("esp_state", type_=String),
        "played_from": PlayerRow.last_played_at
        >= bindparam("played_from", type_=MOMENT),
        "played_to": PlayerRow.last_played_at < bindparam("played_to", type_=MOMENT),
    },
    orders={
        "email": PlayerRow.email,
        "plays": PlayerRow.plays,
        "esp_state": PlayerRow.esp_state,
        "first_played_at": PlayerRow.first_played_at,
        "last_played_at": PlayerRow.last_played_at,
    },
    key=PlayerRow.id,
)
# What makes a player wait for the provider, from now on.
DUE: Final = MappingProxyType[str, Any](
    {
        "esp_state": EspState.PENDING,
        "esp_error": None,
        "esp_attempts": 0,
        "esp_due_at": func.clock_timestamp(),
    },
)
TOTALS: Final = HotRead(
    select(
        func.count().label("players"),
        (
            func.coalesce(func.sum(PlayerRow.plays), 0)
            + select(ErasedPlayersRow.plays).scalar_subquery()
        ).label("plays"),
    ).select_from(PlayerRow),
)


@final
class PlayerRepository:
    """Reads and writes the ``players`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def get(self, player_id: UUID) -> Player:
        """Read one player."""
        rows = await BY_ID.fetch(self._session, id=player_id)
        if not rows:
            raise NotFound("There is no such player.")
        return _to_player(rows[0])

    async def get_page(self, query: ListPlayers) -> Page[Player]:
        """Read one page."""
        return await LISTING.get_page(self._session, _to_player, query)

    async def get_batch(
        self,
        query: ListPlayers,
        place: Place | None,
    ) -> Batch[Player]:
        """Read some of all players that pass the filters, from a place on."""
        return await LISTING.get_batch(self._session, _to_player, query, place)

    async def get_totals(self) -> GameTotals:
        """Count players, and all plays there ever were."""
        row = (await TOTALS.fetch(self._session))[0]
        return GameTotals(row["players"], int(row["plays"]))

    async def lock(self, player_id: UUID) -> Player:
        """Read one player who can neither be changed nor play in the meantime."""
        await self._session.execute(
            select(PlayerRow.id).where(PlayerRow.id == player_id).with_for_update(),
        )
        return await self.get(player_id)

    async def add(self, columns: Mapping[str, Any]) -> UUID:
        """Store a player who has not played; a mail in use is ``PlayerTaken``."""
        statement = insert(PlayerRow).values(**columns).returning(PlayerRow.id)
        with database_errors():
            return (await self._session.execute(statement)).scalar_one()

    async def edit(self, player_id: UUID, columns: Mapping[str, Any]) -> None:
        """Change columns of one player; equal values leave no trace."""
        with database_errors():
            await self._session.execute(
                update(PlayerRow).where(PlayerRow.id == player_id).values(**columns),
            )

    async def ask_again(self, player_id: UUID) -> None:
        """Put the player into the outbox, due now; who delivers him goes on."""
        await self.edit(player_id, DUE)

    async def edit_email(self, player_id: UUID, columns: Mapping[str, Any]) -> None:
        """Change columns, the email among them, which goes into the outbox.

        Whoever delivers the old one holds nothing of the new one.
        """
        await self.edit(player_id, {**columns, **DUE, "esp_leased_until": None})

    async def erase(self, player_id: UUID) -> None:
        """Delete one player with his idempotency keys; his plays stay in the totals."""
        gone = delete(PlayerRow).where(PlayerRow.id == player_id)
        plays = await self._session.scalar(gone.returning(PlayerRow.plays))
        await self._session.execute(
            update(ErasedPlayersRow).values(
                players=ErasedPlayersRow.players + 1,
                plays=ErasedPlayersRow.plays + plays,
            ),
        )


def _to_player(row: Any) -> Player:
    """Read the columns of ``PLAYERS``, which stand in the order of the fields."""
    fields = list(row[:COLUMNS])
    fields[STATE] = EspState(fields[STATE])
    return Player(*fields)
