"""The slow part of changing accounts, done before a transaction is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final
from uuid import UUID, uuid4

from prilavok.clients.passwords import Passwords
from prilavok.domain.access import Actor
from prilavok.domain.errors import Invalid
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.users import Changes, UserBatch
from prilavok.repositories.transaction import Reading
from prilavok.services.accounts.locating import locate
from prilavok.services.accounts.sign_in import SignInService

NEEDED: Final = Fault("Needed to change one's own mail.", FaultCode.REQUIRED)
OTHER: Final = Fault(
    "Another one stands in the same batch; give one for all of it.",
    FaultCode.INVALID,
)


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
        if await self._find_own_mail(actor, [changes | {"id": user_id}]) is not None:
            confirmation = changes.get("current_password")
            if confirmation is None:
                raise Invalid({"/current_password": NEEDED})
            await self.sign_in.confirm(actor, confirmation)
        return await self._hash(actor, changes)

    async def prepare_all(self, actor: Actor, batch: UserBatch) -> list[Changes]:
        """Prepare the updates of a batch; a refusal names its item.

        However many of them need it, the actor's password is checked once.
        """
        place, password = _agreed_password(batch)
        own = await self._find_own_mail(actor, batch.update)
        if own is not None and password is None:
            with locate(f"/update/{own}"):
                raise Invalid({"/current_password": NEEDED})
        if own is not None and password is not None:
            with locate(place):
                await self.sign_in.confirm(actor, password)
        return [await self._hash(actor, changes) for changes in batch.update]

    async def _find_own_mail(
        self,
        actor: Actor,
        updates: Sequence[Changes],
    ) -> int | None:
        """Tell which update is the first to change the mail of the actor himself."""
        own = {
            number: changes["email"]
            for number, changes in enumerate(updates)
            if changes["id"] == actor.user_id and "email" in changes
        }
        if actor.user_id is None or not own:
            return None
        async with self.reading() as repositories:
            user = await repositories.users.get(actor.user_id)
        others = (number for number, email in own.items() if email != user.email)
        return next(others, None)

    async def _hash(self, actor: Actor, changes: Changes) -> Changes:
        given = changes.copy()
        given.pop("current_password", None)
        password = given.pop("password", None)
        if password is not None:
            given["password_hash"] = await self.passwords.make_hash(
                password,
                actor.origin,
            )
            given["stamp"] = uuid4()
        return given


def _agreed_password(batch: UserBatch) -> tuple[str, str | None]:
    """Return the one password that a batch gives, and the place where it does.

    Raises ``Invalid`` where it gives several: guesses are checked one a request.
    """
    given = {"": batch.current_password} | {
        f"/update/{number}": changes.get("current_password")
        for number, changes in enumerate(batch.update)
    }
    first = next((it for it in given if given[it] is not None), "")
    others = {
        f"{place}/current_password": OTHER
        for place, password in given.items()
        if password not in {None, given[first]}
    }
    if others:
        raise Invalid(others)
    return first, given[first]
