"""The counts on the first page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from prilavok.domain.access import Actor, Permission
from prilavok.domain.health import Overview
from prilavok.domain.paging import Paging
from prilavok.domain.roles import ListRoles
from prilavok.domain.sources import ListSources
from prilavok.domain.users import ListUsers
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.transaction import Reading

ONE: Final = Paging(per_page=1)


@final
@dataclass(frozen=True, slots=True)
class OverviewService:
    """Counts what there is, of that only what the reader may read."""

    reading: Reading
    sessions: SessionRepository
    now: Callable[[], datetime]

    async def count(self, actor: Actor) -> Overview:
        """Count by noun."""
        counts = {}
        async with self.reading() as repositories:
            if Permission.USERS_READ in actor.permissions:
                users = await repositories.users.get_page(ListUsers(per_page=1))
                counts["users"] = users.total
            if Permission.ROLES_READ in actor.permissions:
                roles = await repositories.roles.get_page(ListRoles(per_page=1))
                counts["roles"] = roles.total
            if Permission.SOURCES_READ in actor.permissions:
                sources = await repositories.sources.get_page(ListSources(per_page=1))
                counts["sources"] = sources.total
            if Permission.PLAYERS_READ in actor.permissions:
                totals = await repositories.players.get_totals()
                counts |= {"players": totals.players, "plays": totals.plays}
        if Permission.SESSIONS_READ in actor.permissions:
            page = await self.sessions.get_page(ONE, self.now(), None)
            counts["sessions"] = page.total
        return Overview(counts)
