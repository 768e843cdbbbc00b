"""Counting plays: one statement each, so that parallel ones lose none."""

from datetime import timedelta
from typing import Any, Final, final

from sqlalchemy import Interval, String, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.esp import EspState
from prilavok.domain.plays import CountedPlay
from prilavok.repositories.hot_read import HotRead, HotWrite
from prilavok.repositories.tables.players import PlayerRow

# The moment of this statement: that of its transaction may lie before another's play.
MOMENT: Final = func.clock_timestamp()
FIRST_PLAY: Final = insert(PlayerRow).values(
    email=bindparam("normalised", type_=String),
    email_given=bindparam("given", type_=String),
    plays=1,
    first_played_at=MOMENT,
    last_played_at=MOMENT,
    esp_leased_until=MOMENT + bindparam("lease", type_=Interval),
)
COUNT: Final = HotWrite(
    FIRST_PLAY.on_conflict_do_update(
        index_elements=[PlayerRow.email],
        set_={
            "plays": PlayerRow.plays + 1,
            "first_played_at": func.coalesce(PlayerRow.first_played_at, MOMENT),
            "last_played_at": MOMENT,
            "updated_at": MOMENT,
            "version": PlayerRow.version + 1,
        },
    ).returning(
        PlayerRow.id,
        PlayerRow.plays,
        PlayerRow.esp_state,
        # What stood there before; nothing did where the row was inserted.
        literal_column("old.id IS NULL").label("is_first"),
    ),
)
LOOK: Final = HotRead(
    select(PlayerRow.id, PlayerRow.plays, PlayerRow.esp_state).where(
        PlayerRow.email == bindparam("normalised", type_=String),
    ),
)


@final
class PlayRepository:
    """Writes plays into the ``players`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work on the caller's connection."""
        self._session = session

    async def count(self, email: EmailAddress, lease: timedelta) -> CountedPlay:
        """Add one play; who plays first is leased for so long to whoever counts him."""
        rows = await COUNT.fetch(
            self._session,
            normalised=email.normalised,
            given=email.given,
            lease=lease,
        )
        return _to_counted(rows[0], is_first=rows[0]["is_first"])

    async def find(self, email: EmailAddress) -> CountedPlay | None:
        """Look at the last play of the email, if there was one."""
        rows = await LOOK.fetch(self._session, normalised=email.normalised)
        return _to_counted(rows[0], is_first=False) if rows else None


def _to_counted(row: Any, *, is_first: bool) -> CountedPlay:
    return CountedPlay(row["id"], row["plays"], EspState(row["esp_state"]), is_first)
