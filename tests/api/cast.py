"""One user a kind of role, each with a bearer token."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, final

from prilavok.domain.access import Permission
from prilavok.domain.roles import ADMIN, USER
from tests.api.people import ADMIN_LOGIN, API, NEW_USER, PASSWORD, ApiClient

Permissions: TypeAlias = frozenset[Permission]
EVERYTHING: Final = frozenset(Permission)


@final
@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who asks; without an id nobody is signed in."""

    name: str
    permissions: Permissions = frozenset()
    user_id: str = ""
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Show the token, if there is one."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


ANONYMOUS: Final = Player("anonymous")


async def hire(
    admin: ApiClient,
    permissions: Iterable[Permission],
) -> dict[str, Player]:
    """Make of each permission a user who has nothing else, and one who has all else.

    With them come one of the built-in role User and the administrator.
    """
    roles = dict(_roles(permissions))
    made_roles = {"create": [_role(*role) for role in roles.items()]}
    await _post(admin, "roles/batch", made_roles)
    roles[USER] = frozenset()
    await _post(admin, "users/batch", {"create": [_user(name) for name in roles]})
    cast = {name: await _enter(admin, name, held) for name, held in roles.items()}
    return cast | {ADMIN: await _enter(admin, ADMIN_LOGIN, EVERYTHING)}


def _roles(permissions: Iterable[Permission]) -> Iterator[tuple[str, Permissions]]:
    for permission in sorted(permissions):
        name = permission.value.replace(":", ".")
        yield f"only.{name}", frozenset((permission,))
        yield f"lacks.{name}", EVERYTHING - {permission}


async def _enter(admin: ApiClient, login: str, held: Permissions) -> Player:
    credentials = {"login": login, "password": PASSWORD}
    issued = await _post(admin, "auth/token", credentials)
    player = Player(login, held, token=issued["access_token"])
    me = await (await admin.get(f"{API}/auth/me", headers=player.headers)).json()
    return replace(player, user_id=me["user"]["id"])


def _role(name: str, permissions: Permissions) -> Mapping[str, Any]:
    return {"name": name, "permissions": sorted(permissions)}


def _user(name: str) -> Mapping[str, Any]:
    return NEW_USER | {"login": name, "role": name}


async def _post(admin: ApiClient, path: str, body: Mapping[str, Any]) -> Any:
    response = await admin.post(f"{API}/{path}", json=body)
    assert response.ok, await response.text()
    return await response.json()
