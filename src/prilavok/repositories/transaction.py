"""The transaction boundary, opened by services and by nobody else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast, final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from prilavok.domain.access import SESSION_ENDED, Actor, check_unchanged
from prilavok.domain.errors import Unauthenticated
from prilavok.repositories.credentials import CredentialRepository
from prilavok.repositories.database_errors import database_errors
from prilavok.repositories.history import HistoryRepository
from prilavok.repositories.last_changes import LastChangeRepository
from prilavok.repositories.read_lane import LANE, ReadLane
from prilavok.repositories.roles import RoleRepository
from prilavok.repositories.uniqueness import Uniqueness
from prilavok.repositories.users import UserRepository

if TYPE_CHECKING:
    from prilavok.repositories.game import GameRepositories
    from prilavok.repositories.import_rows import ImportRowRepository
    from prilavok.repositories.log_reports.repository import LogReportRepository
    from prilavok.repositories.players import PlayerRepository
    from prilavok.repositories.sources import SourceRepository

# Read by the history triggers. ``true``: forgotten when the transaction ends, so
# that a pooled connection never carries one request's actor into the next.
NAME_ACTOR: Final = select(
    func.set_config("prilavok.actor_id", bindparam("actor_id"), True),
    func.set_config("prilavok.actor_login", bindparam("actor_login"), True),
    func.set_config("prilavok.request_id", bindparam("request_id"), True),
)
OTHER_FEATURES: Final = attrgetter(
    "sources",
    "imports",
    "log_reports",
    "players",
    "game",
)


@final
class Repositories:
    """All repositories, sharing one session and so one transaction.

    Those of other features than accounts are imported when they are asked for, as a
    small command needs none of them.
    """

    def __init__(self, session: AsyncSession) -> None:
        """Bind every repository to the session."""
        self._session = session
        self.users = UserRepository(session)
        self.roles = RoleRepository(session)
        self.uniqueness = Uniqueness(session)
        self.credentials = CredentialRepository(session)
        self.history = HistoryRepository(session)
        self.last_changes = LastChangeRepository(session)

    @classmethod
    def load(cls) -> None:
        """Import all now: whoever serves does not wait for it in a request."""
        OTHER_FEATURES(cls(AsyncSession()))

    @cached_property
    def sources(self) -> "SourceRepository":
        """The registry of sources."""
        from prilavok.repositories.sources import SourceRepository

        return SourceRepository(self._session)

    @cached_property
    def imports(self) -> "ImportRowRepository":
        """Imports as rows that people see."""
        from prilavok.repositories.import_rows import ImportRowRepository

        return ImportRowRepository(self._session)

    @cached_property
    def log_reports(self) -> "LogReportRepository":
        """What reports ask."""
        from prilavok.repositories.log_reports.repository import LogReportRepository

        return LogReportRepository(self._session)

    @cached_property
    def players(self) -> "PlayerRepository":
        """Players that staff work on."""
        from prilavok.repositories.players import PlayerRepository

        return PlayerRepository(self._session)

    @cached_property
    def game(self) -> "GameRepositories":
        """What playing and delivering needs."""
        from prilavok.repositories.game import GameRepositories

        return GameRepositories(self._session)


Reading: TypeAlias = Callable[[], AbstractAsyncContextManager[Repositories]]
Autocommit: TypeAlias = Reading
SessionExists: TypeAlias = Callable[[UUID], Awaitable[bool]]


class Transaction(Protocol):
    """Opens a transaction; see ``Database.transaction``."""

    def __call__(
        self,
        actor: Actor,
        *,
        writes_own: bool = False,
    ) -> AbstractAsyncContextManager[Repositories]:
        """Begin for this actor."""


async def _no_session(session_id: UUID) -> bool:
    """Refuse whoever came by a session where there is no session store to ask."""
    return False


@final
@dataclass(frozen=True, slots=True)
class Database:
    """Hands out transactions; services receive only its methods.

    Both raise ``Unavailable`` when the database is away, and ``Conflict`` where a
    constraint refuses what was written. ``session_exists`` asks the session store.
    """

    sessions: async_sessionmaker[AsyncSession]
    session_exists: SessionExists = _no_session

    @asynccontextmanager
    async def transaction(
        self,
        actor: Actor,
        *,
        writes_own: bool = False,
    ) -> AsyncIterator[Repositories]:
        """Commit when the block ends well, roll back when it raises.

        What is written inside is the actor's doing. Raises ``Unauthenticated`` or
        ``Forbidden`` when the actor's session or a permission was lost since the
        request was admitted; none can be lost until the transaction ends.
        ``writes_own``: the actor's own account is going to be changed.

        No network call to others belongs inside: it would hold the connection and the
        locks for as long as it takes.
        """
        with database_errors():
            async with self.sessions.begin() as session:
                await session.execute(
                    NAME_ACTOR,
                    {
                        "actor_id": str(actor.user_id or ""),
                        "actor_login": actor.login,
                        "request_id": actor.request_id,
                    },
                )
                repositories = Repositories(session)
                await self._hold_access(repositories, actor, writes_own)
                yield repositories

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Repositories]:
        """Lend a connection for hot writes that each commit themselves.

        They are nobody's doing: history does not record them.
        """
        async with self.reading() as repositories:
            yield repositories

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Repositories]:
        """Lend a connection for hot reads, which need no transaction."""
        session = self.sessions()
        lane = ReadLane(cast(AsyncEngine, session.bind))
        session.info[LANE] = lane
        with database_errors():
            try:
                yield Repositories(session)
            finally:
                lane.give_back()
                await _close(session)

    async def _hold_access(
        self,
        repositories: Repositories,
        actor: Actor,
        writes_own: bool,
    ) -> None:
        """Lock what the actor's rights rest on, then check them.

        In this order: whoever ends a session deletes it and then waits for this lock,
        so that no write relies on a session that was ended before.
        """
        if actor.user_id is None or actor.session_id is None:
            return
        standing = await repositories.credentials.hold_standing(
            actor.user_id,
            writes_own=writes_own,
        )
        check_unchanged(actor, standing)
        if not await self.session_exists(actor.session_id):
            raise Unauthenticated(SESSION_ENDED)


async def _close(session: AsyncSession) -> None:
    """Close a session that was used; one that was not has nothing to close."""
    if session.in_transaction():
        await session.close()
