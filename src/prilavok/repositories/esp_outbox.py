"""The outbox to the email service provider: players in the state ``pending``."""

from datetime import timedelta
from typing import Final, final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Interval,
    String,
    Uuid,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.esp import EspAnswer, EspState
from prilavok.domain.esp_delivery import Backlog, Delivery
from prilavok.repositories.hot_read import HotRead, HotWrite
from prilavok.repositories.tables.players import PlayerRow

NOW: Final = func.clock_timestamp()
# A constant of the statement, or the partial index could not serve it.
PENDING: Final = PlayerRow.esp_state == literal_column(f"'{EspState.PENDING}'")
FREE: Final = or_(
    PlayerRow.esp_leased_until.is_(None), PlayerRow.esp_leased_until <= NOW
)
# Who was given another mail meanwhile is none of the old one's business.
SAME: Final = (
    PlayerRow.id == bindparam("player_id", type_=Uuid),
    PlayerRow.email == bindparam("address", type_=String),
    PENDING,
)
DUE: Final = (
    select(PlayerRow.id)
    .where(PENDING, PlayerRow.esp_due_at <= NOW, FREE)
    .order_by(PlayerRow.esp_due_at)
    .limit(bindparam("most", type_=BigInteger))
    .with_for_update(skip_locked=True)
    .cte("due")
)
LEASE: Final = HotWrite(
    update(PlayerRow)
    .where(PlayerRow.id == DUE.c.id)
    .values(
        esp_leased_until=NOW + bindparam("lease", type_=Interval),
        esp_attempts=PlayerRow.esp_attempts + 1,
    )
    .returning(PlayerRow.id, PlayerRow.email, PlayerRow.esp_attempts),
)
SETTLE: Final = HotWrite(
    update(PlayerRow)
    .where(*SAME)
    .values(
        esp_state=bindparam("state", type_=String),
        esp_error=bindparam("error", type_=String),
        esp_leased_until=None,
    )
    .returning(PlayerRow.id),
)
DEFER: Final = HotWrite(
    update(PlayerRow)
    .where(*SAME)
    .values(
        esp_error=bindparam("error", type_=String),
        esp_due_at=NOW + bindparam("pause", type_=Interval),
        esp_attempts=bindparam("attempts", type_=BigInteger),
        esp_leased_until=None,
    )
    .returning(PlayerRow.id),
)
# Its time stays as it is, so that it tells for how long the email has been waiting.
RELEASE: Final = HotWrite(
    update(PlayerRow)
    .where(*SAME)
    .values(
        esp_error=func.coalesce(PlayerRow.esp_error, bindparam("error", type_=String)),
        esp_attempts=bindparam("attempts", type_=BigInteger),
        esp_leased_until=NOW + bindparam("hold", type_=Interval),
    )
    .returning(PlayerRow.id),
)
HURRY: Final = HotWrite(
    update(PlayerRow)
    .where(PENDING)
    .values(esp_due_at=NOW, esp_attempts=0)
    .returning(PlayerRow.id),
)
WAITING: Final = HotRead(
    select(
        func.count().label("pending"),
        func.extract("epoch", func.max(NOW - PlayerRow.esp_due_at)).label("overdue"),
        func.extract(
            "epoch",
            func.min(
                func.greatest(PlayerRow.esp_due_at, PlayerRow.esp_leased_until) - NOW,
            ),
        ).label("until_next"),
    ).where(PENDING),
)


@final
class EspOutbox:
    """Leases, settles and defers what waits for the provider."""

    def __init__(self, session: AsyncSession) -> None:
        """Work on the caller's connection."""
        self._session = session

    async def lease(self, most: int, lease: timedelta) -> tuple[Delivery, ...]:
        """Take what is due, longest overdue first; nobody else gets it meanwhile."""
        rows = await LEASE.fetch(self._session, most=most, lease=lease)
        return tuple(
            Delivery(row["id"], row["email"], row["esp_attempts"]) for row in rows
        )

    async def settle(self, player_id: UUID, email: str, answer: EspAnswer) -> None:
        """Take the email out of the outbox; the first answer stays."""
        await SETTLE.fetch(
            self._session,
            player_id=player_id,
            address=email,
            state=answer.state,
            error=answer.error,
        )

    async def defer(self, delivery: Delivery, error: str, pause: timedelta) -> None:
        """Give it back for later, with what it has been tried until now."""
        await DEFER.fetch(
            self._session,
            player_id=delivery.player_id,
            address=delivery.email,
            attempts=delivery.attempts,
            error=error,
            pause=pause,
        )

    async def release(self, delivery: Delivery, reason: str, hold: timedelta) -> None:
        """Give it back as not tried: it is as due as before, but held for so long.

        The reason is kept where the provider has never given one.
        """
        await RELEASE.fetch(
            self._session,
            player_id=delivery.player_id,
            address=delivery.email,
            attempts=delivery.attempts - 1,
            error=reason,
            hold=hold,
        )

    async def hurry(self) -> int:
        """Make everything due now that nobody is delivering; return how many wait."""
        return len(await HURRY.fetch(self._session))

    async def look(self) -> Backlog:
        """Tell how many wait, for how long beyond their time, and what is next."""
        row = (await WAITING.fetch(self._session))[0]
        until_next = row["until_next"]
        return Backlog(
            pending=row["pending"],
            overdue_s=max(0, int(row["overdue"] or 0)),
            until_next_s=None if until_next is None else max(0, float(until_next)),
        )
