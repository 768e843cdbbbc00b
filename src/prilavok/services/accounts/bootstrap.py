"""What must be there before anybody can sign in."""

import logging
from dataclasses import dataclass
from typing import Final, final

from prilavok.clients.passwords import Passwords
from prilavok.domain.access import Actor
from prilavok.domain.password_policy import why_refused
from prilavok.domain.roles import ADMIN
from prilavok.domain.users import DEFAULT_LANGUAGE
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.retries import retry_collisions

logger = logging.getLogger(__name__)
SYSTEM: Final = Actor(request_id="start", login="system")


class WeakPassword(Exception):
    """The first administrator would have a password that nobody may have."""


@final
@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Makes the built-in roles and the first administrator, once among many starts."""

    reading: Reading
    transaction: Transaction
    passwords: Passwords

    @retry_collisions
    async def prepare(self, login: str, password: str | None) -> bool:
        """Do what is missing; tell whether an administrator was made.

        Without a password the service starts all the same, and says in the log that
        nobody can administer it yet. Raises ``WeakPassword`` where one would be needed
        and is no better than those that users may not have.
        """
        await self.ensure_roles()
        async with self.reading() as repositories:
            exists = await repositories.users.administrator_exists()
        if exists:
            return False
        if password is None:
            logger.warning("there is no administrator, and ADMIN_PASSWORD is not set")
            return False
        why = why_refused(password)
        if why is not None:
            raise WeakPassword(why)
        password_hash = await self.passwords.make_hash(password, SYSTEM.origin)
        return await self._create(login, password_hash)

    async def ensure_roles(self) -> None:
        """Make the built-in roles where they are missing."""
        async with self.transaction(SYSTEM) as repositories:
            await repositories.roles.ensure_built_in()

    async def _create(self, login: str, password_hash: str) -> bool:
        async with self.transaction(SYSTEM) as repositories:
            await repositories.users.lock_administrators()
            if await repositories.users.administrator_exists():
                return False
            role = await repositories.roles.find_by_name(ADMIN)
            if role is None:
                raise RuntimeError("The role Admin is missing.")
            await repositories.users.add(
                {
                    "login": login,
                    "first_name": "First",
                    "last_name": "Administrator",
                    "role_id": role.id,
                    "language": DEFAULT_LANGUAGE,
                    "password_hash": password_hash,
                },
            )
        logger.info("first administrator created")
        return True
