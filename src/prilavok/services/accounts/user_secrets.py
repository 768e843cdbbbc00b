"""The slow part of changing accounts, done before a transaction is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final
from uuid import UUID, uuid4

from prilavok.clients.passwords import Passwords
from prilavok.domain.access import Actor
from prilavok.domain.errors import Invalid
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.users import Changes
from prilavok.repositories.transaction import Reading
from prilavok.services.accounts.locating import locate
from prilavok.services.accounts.sign_in import SignInService

NEEDED: Final = Fault("Needed to change one's own mail.", FaultCode.REQUIRED)


@final
@dataclass(frozen=True, slots=True)
class UserSecrets:
    """Confirms and hashes the passwords that changes of accounts bring."""

    reading: Reading
    sign_in: SignInService
    passwords: Passwords

    async def prepare(self, actor: Actor, user_id: UUID, changes: Changes) -> Changes:
        """Replace passwords by what is stored of them.

        One's own mail is changed only by who knows the account's password.
        """
        given = changes.copy()
        confirmation = given.pop("current_password", None)
        if user_id == actor.user_id and "email" in given:
            await self._confirm(actor, user_id, given["email"], confirmation)
        password = given.pop("password", None)
        if password is not None:
            given["password_hash"] = await self.passwords.make_hash(
                password,
                actor.origin,
            )
            given["stamp"] = uuid4()
        return given

    async def prepare_all(
        self,
        actor: Actor,
        updates: Iterable[Changes],
    ) -> list[Changes]:
        """Prepare the updates of a batch; a refusal names its item."""
        prepared = []
        for number, changes in enumerate(updates):
            with locate(f"/update/{number}"):
                prepared.append(await self.prepare(actor, changes["id"], changes))
        return prepared

    async def _confirm(
        self,
        actor: Actor,
        user_id: UUID,
        email: str | None,
        password: str | None,
    ) -> None:
        async with self.reading() as repositories:
            user = await repositories.users.get(user_id)
        if email == user.email:
            return
        if password is None:
            raise Invalid({"/current_password": NEEDED})
        await self.sign_in.confirm(actor, password)
