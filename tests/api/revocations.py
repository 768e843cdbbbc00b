"""Nine ways in which somebody loses the right to do something."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

from prilavok.domain.access import Permission
from tests.api.calls import ask
from tests.api.conftest import OpenBrowser
from tests.api.devices import current, end
from tests.api.people import (
    NEW_USER,
    ApiClient,
    make_role,
    make_user,
)

NEW_PASSWORD: Final = "another horse battery"
ENOUGH: Final = (
    Permission.USERS_READ,
    Permission.USERS_WRITE,
    Permission.IMPORTS_READ,
    Permission.IMPORTS_WRITE,
)


@final
@dataclass(frozen=True, slots=True)
class Scene:
    """Ann, who is about to lose something; the boss; and where they sit."""

    boss: ApiClient
    ann: ApiClient
    elsewhere: ApiClient
    ann_id: str
    role_id: str


Revocation: TypeAlias = Callable[[Scene], Awaitable[int]]


async def disable(scene: Scene) -> int:
    """Disable her account."""
    return await ask(
        scene.boss,
        f"PATCH /users/{scene.ann_id}",
        {"is_active": False},
    )


async def demote(scene: Scene) -> int:
    """Give her another role."""
    return await ask(scene.boss, f"PATCH /users/{scene.ann_id}", {"role": "User"})


async def weaken_role(scene: Scene) -> int:
    """Take the permission from her role."""
    line = f"PATCH /roles/{scene.role_id}"
    return await ask(scene.boss, line, {"permissions": []})


async def delete(scene: Scene) -> int:
    """Delete her account."""
    return await ask(scene.boss, f"DELETE /users/{scene.ann_id}")


async def set_password(scene: Scene) -> int:
    """Give her another password."""
    line = f"PATCH /users/{scene.ann_id}"
    return await ask(scene.boss, line, {"password": NEW_PASSWORD})


async def end_all(scene: Scene) -> int:
    """End all her sessions."""
    return await ask(scene.boss, f"DELETE /users/{scene.ann_id}/sessions")


async def end_one(scene: Scene) -> int:
    """End the session that asks."""
    return await end(scene.boss, await current(scene.ann))


async def sign_out(scene: Scene) -> int:
    """Sign out in another tab of her browser."""
    return await ask(scene.ann, "POST /auth/logout")


async def sign_out_elsewhere(scene: Scene) -> int:
    """Sign out everywhere else, from where she sits now."""
    return await ask(scene.elsewhere, "DELETE /auth/sessions")


REVOCATIONS: Final = (
    disable,
    demote,
    weaken_role,
    delete,
    set_password,
    end_all,
    end_one,
    sign_out,
    sign_out_elsewhere,
)


async def open_scene(
    admin: ApiClient,
    open_browser: OpenBrowser,
    login: str = "ann",
) -> Scene:
    """Have somebody signed in twice whose role may write users and bring logs."""
    role = await make_role(admin, f"Writer {login}", *ENOUGH)
    user = await make_user(admin, login, role=role["name"])
    here, elsewhere = await open_browser(login), await open_browser(login)
    return Scene(admin, here, elsewhere, user["id"], role["id"])


async def create_user(client: ApiClient, login: str) -> int:
    """Try to make an account; return the status."""
    body: Mapping[str, Any] = NEW_USER | {"login": login}
    return await ask(client, "POST /users", body)
