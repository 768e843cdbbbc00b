"""Idempotency keys of imports, each with the answer that it was first given."""

from typing import Any, Final, final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.import_jobs import AcceptedImport, OwnedKey
from prilavok.repositories.advisory_locks import hold_until_end
from prilavok.repositories.hot_read import HotRead, HotWrite
from prilavok.repositories.tables.import_jobs import ImportKeyRow

KEY_AGE: Final[ColumnElement[Any]] = literal_column("interval '24 hours'")
ACCEPTED: Final = HotRead(
    select(
        ImportKeyRow.digest,
        ImportKeyRow.import_id,
        ImportKeyRow.name,
        ImportKeyRow.bytes_total,
    ).where(
        ImportKeyRow.actor_id == bindparam("actor_id"),
        ImportKeyRow.key == bindparam("key"),
        ImportKeyRow.created_at >= func.now() - KEY_AGE,
    ),
)
OUTDATED: Final = ImportKeyRow.created_at < func.now() - KEY_AGE
NAMED: Final = tuple_(ImportKeyRow.actor_id, ImportKeyRow.key)
OLD: Final = (
    select(ImportKeyRow.actor_id, ImportKeyRow.key)
    .where(OUTDATED)
    .limit(bindparam("at_once", type_=BigInteger))
)
# Asked twice: a key that was taken anew meanwhile stays.
FORGET: Final = HotWrite(
    delete(ImportKeyRow)
    .where(OUTDATED, NAMED.in_(OLD))
    .returning(ImportKeyRow.import_id),
)


@final
class ImportKeyRepository:
    """Reads and writes the ``import_keys`` table."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the caller's transaction; never commit here."""
        self._session = session

    async def lock(self, owned: OwnedKey) -> None:
        """Keep a key to this transaction until it ends."""
        name = f"import-key.{owned.actor_id}.{owned.key}"
        await hold_until_end(self._session, name)

    async def add(
        self,
        owned: OwnedKey,
        accepted: AcceptedImport,
        digest: str,
    ) -> None:
        """Note a key's answer, in the place of one that is too old to count."""
        answer = {
            "digest": digest,
            "import_id": accepted.id,
            "name": accepted.name,
            "bytes_total": accepted.bytes_total,
            "created_at": func.now(),
        }
        statement = insert(ImportKeyRow).values(
            actor_id=owned.actor_id,
            key=owned.key,
            **answer,
        )
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=(ImportKeyRow.actor_id, ImportKeyRow.key),
                set_=answer,
            ),
        )

    async def find(self, owned: OwnedKey) -> tuple[str, AcceptedImport] | None:
        """Return the digest that a key is bound to, and its first answer."""
        rows = await ACCEPTED.fetch(
            self._session,
            actor_id=owned.actor_id,
            key=owned.key,
        )
        if not rows:
            return None
        digest, *answer = rows[0]
        return digest, AcceptedImport(UUID(str(answer[0])), *answer[1:])

    async def forget_old(self, at_once: int) -> int:
        """Remove keys that are too old to count, so many at most; tell how many."""
        return len(await FORGET.fetch(self._session, at_once=at_once))
