"""What one transaction does to accounts, and the rules it keeps."""

from collections.abc import Iterable
from typing import Any, Final, final
from uuid import UUID

from prilavok.domain.access import Actor, check_holds
from prilavok.domain.errors import Invalid
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.roles import Role
from prilavok.domain.users import Changes, CreateUser, User, UserBatchDone
from prilavok.domain.versions import ANY_VERSION, Expected
from prilavok.repositories.transaction import Repositories
from prilavok.services.accounts.batch_claims import BatchClaims
from prilavok.services.accounts.locating import locate
from prilavok.services.stale import check_version

UNKNOWN_ROLE: Final = Fault("There is no such role.", FaultCode.UNKNOWN_CHOICE)
# What an update of a batch says beside the fields that it sets.
ADDRESSED: Final = ("id", "version")
UNIQUE: Final = ("login", "email")
SECRET: Final = frozenset(("password_hash", "stamp"))


def ends_sessions(changes: Changes) -> bool:
    """Tell whether these changes leave no session of the account valid."""
    return "password_hash" in changes or changes.get("is_active") is False


@final
class UserChanges:
    """Changes of accounts within the caller's transaction.

    Whoever changes an account must hold every permission its role holds, before and
    after; his own account is his in any case.
    """

    def __init__(self, repositories: Repositories, actor: Actor) -> None:
        """Act for this actor."""
        self._users = repositories.users
        self._roles = repositories.roles
        self._last_changes = repositories.last_changes
        self._actor = actor
        self._known_roles: dict[str, Role | None] = {}
        self._first_seen: dict[UUID, User] = {}
        self._claims = BatchClaims(repositories.uniqueness)

    async def create(self, command: CreateUser, password_hash: str) -> User:
        """Store a new account."""
        role = await self._grantable(command.role)
        user_id = await self._users.add(
            {
                "login": command.login,
                "first_name": command.first_name,
                "last_name": command.last_name,
                "email": command.email,
                "birth_date": command.birth_date,
                "language": command.language,
                "is_active": command.is_active,
                "role_id": role.id,
                "password_hash": password_hash,
            },
        )
        return await self._users.get(user_id)

    async def edit(self, user_id: UUID, changes: Changes, expected: Expected) -> User:
        """Change what differs; the version then grows by one.

        Expected is the version that stood before this transaction.
        """
        user = await self._touchable(user_id)
        seen = self._first_seen.setdefault(user_id, user)
        await check_version(self._last_changes, expected, "users", seen)
        columns = {name: it for name, it in changes.items() if _differs(user, name, it)}
        for name in ADDRESSED:
            columns.pop(name, None)
        if "role" in columns:
            columns["role_id"] = (await self._grantable(columns.pop("role"))).id
        if not columns:
            return user
        await self._users.edit(user_id, columns)
        return await self._users.get(user_id)

    async def remove(self, user_id: UUID, expected: Expected) -> None:
        """Delete an account."""
        user = await self._touchable(user_id)
        await check_version(self._last_changes, expected, "users", user)
        await self._users.remove(user_id)

    async def apply(
        self,
        create: Iterable[tuple[CreateUser, str]],
        update: Iterable[Changes],
        delete: tuple[UUID, ...],
    ) -> UserBatchDone:
        """Do all of a batch, in this order; a refusal names its item.

        The result must be unique, not what the steps pass through.
        """
        await self._claims.begin()
        created = await self._create_all(create)
        updated = await self._edit_all(update)
        for place, user_id in enumerate(delete):
            with locate(f"/delete/{place}"):
                await self.remove(user_id, ANY_VERSION)
        await self._claims.check()
        return UserBatchDone(created, updated, delete)

    async def _create_all(
        self,
        new: Iterable[tuple[CreateUser, str]],
    ) -> tuple[User, ...]:
        created = []
        for number, (command, password_hash) in enumerate(new):
            with locate(f"/create/{number}"):
                user = await self.create(command, password_hash)
            self._claims.note(f"/create/{number}", user.id, UNIQUE)
            created.append(user)
        return tuple(created)

    async def _edit_all(self, updates: Iterable[Changes]) -> tuple[User, ...]:
        updated = []
        for number, changes in enumerate(updates):
            with locate(f"/update/{number}"):
                expected = Expected.of(changes.get("version"))
                updated.append(await self.edit(changes["id"], changes, expected))
            self._claims.note(f"/update/{number}", changes["id"], changes)
        return tuple(updated)

    async def _touchable(self, user_id: UUID) -> User:
        user = await self._users.lock(user_id)
        if user_id != self._actor.user_id:
            role = await self._find_role(user.role)
            check_holds(self._actor, () if role is None else role.permissions)
        return user

    async def _grantable(self, name: str) -> Role:
        role = await self._find_role(name)
        if role is None:
            raise Invalid({"/role": UNKNOWN_ROLE})
        check_holds(self._actor, role.permissions)
        return role

    async def _find_role(self, name: str) -> Role | None:
        """Ask once for each: a role found holds still until the transaction ends."""
        if name not in self._known_roles:
            self._known_roles[name] = await self._roles.find_by_name(name)
        return self._known_roles[name]


def _differs(user: User, name: str, wanted: Any) -> bool:
    return name in SECRET or getattr(user, name) != wanted
