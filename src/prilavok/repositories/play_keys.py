"""Idempotency keys of plays, each its mail's own, and what each play was told.

In PostgreSQL, because key and count must be stored together or not at all, whatever
crashes in between, and because the game goes on while Redis is away.
"""

from typing import Any, Final, final

from sqlalchemy import (
    BigInteger,
    Boolean,
    LargeBinary,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.esp import EspState
from prilavok.domain.plays import CountedPlay, KeyedPlay, Play, PlayKey
from prilavok.repositories.hot_read import HotRead, HotWrite
from prilavok.repositories.tables.players import PlayKeyRow

LIFETIME: Final = func.make_interval(0, 0, 0, 0, 24)
OUTDATED: Final = PlayKeyRow.created_at < func.now() - LIFETIME
BY_KEY: Final = and_(
    PlayKeyRow.key == bindparam("wanted", type_=String),
    PlayKeyRow.email_hash == bindparam("player", type_=LargeBinary),
)
SEEN: Final = (
    PlayKeyRow.body_hash,
    PlayKeyRow.plays,
    PlayKeyRow.is_first,
    PlayKeyRow.esp_state,
    PlayKeyRow.in_esp,
)
FIND: Final = HotRead(select(*SEEN).where(BY_KEY))
# Who comes first has the last word; the others are told what he was.
FINISH: Final = HotWrite(
    update(PlayKeyRow)
    .where(BY_KEY)
    .values(
        in_esp=case(
            (PlayKeyRow.esp_state.is_(None), bindparam("found", type_=Boolean)),
            else_=PlayKeyRow.in_esp,
        ),
        esp_state=func.coalesce(PlayKeyRow.esp_state, bindparam("state", type_=String)),
    )
    .returning(*SEEN),
)
OLD: Final = (
    select(PlayKeyRow.key, PlayKeyRow.email_hash)
    .where(OUTDATED)
    .limit(bindparam("at_once", type_=BigInteger))
)
# Asked twice: a key that was taken anew meanwhile stays.
FORGET: Final = HotWrite(
    delete(PlayKeyRow)
    .where(OUTDATED, tuple_(PlayKeyRow.key, PlayKeyRow.email_hash).in_(OLD))
    .returning(PlayKeyRow.created_at),
)


@final
class PlayKeyRepository:
    """Reads and writes the ``play_keys`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work on the caller's connection."""
        self._session = session

    async def take(self, key: PlayKey, body_hash: bytes) -> bool:
        """Store a new key, or one that is older than a day; tell whether it was.

        Waits for a transaction that has taken the same key and not ended yet.
        """
        statement = insert(PlayKeyRow).values(
            key=key.key,
            email_hash=key.email_hash,
            body_hash=body_hash,
        )
        renewed = {
            "body_hash": body_hash,
            "player_id": None,
            "esp_state": None,
            "in_esp": None,
            "created_at": func.now(),
        }
        taken = statement.on_conflict_do_update(
            index_elements=[PlayKeyRow.key, PlayKeyRow.email_hash],
            set_=renewed,
            where=OUTDATED,
        ).returning(PlayKeyRow.key)
        return (await self._session.execute(taken)).first() is not None

    async def note(self, key: PlayKey, counted: CountedPlay) -> None:
        """Store what was counted for a key, in the transaction that took it."""
        await self._session.execute(
            update(PlayKeyRow)
            .where(
                PlayKeyRow.key == key.key,
                PlayKeyRow.email_hash == key.email_hash,
            )
            .values(
                player_id=counted.player_id,
                plays=counted.plays,
                is_first=counted.is_first,
            ),
        )

    async def find(self, key: PlayKey) -> KeyedPlay | None:
        """Read what is known of a key; None when its player was erased."""
        rows = await FIND.fetch(
            self._session,
            wanted=key.key,
            player=key.email_hash,
        )
        return _to_keyed(rows)

    async def finish(self, key: PlayKey, play: Play) -> KeyedPlay | None:
        """Store what the player is told, unless that is stored already; return it."""
        rows = await FINISH.fetch(
            self._session,
            wanted=key.key,
            player=key.email_hash,
            state=play.esp_state,
            found=play.in_esp,
        )
        return _to_keyed(rows)

    async def forget_old(self, at_once: int) -> int:
        """Remove keys that are older than a day, so many at most; tell how many."""
        return len(await FORGET.fetch(self._session, at_once=at_once))


def _to_keyed(rows: list[Any]) -> KeyedPlay | None:
    if not rows:
        return None
    row = rows[0]
    state = None if row["esp_state"] is None else EspState(row["esp_state"])
    return KeyedPlay(
        body_hash=row["body_hash"],
        plays=row["plays"],
        is_first=row["is_first"],
        esp_state=state,
        in_esp=row["in_esp"],
    )
