"""1, 2: who gets where, for every route there is; generated from the route lines.

No request here has an effect: each carries an unknown query parameter, or a body of the
wrong type, which is looked at only when access has been decided.
"""

from collections.abc import Iterator
from typing import Final

from aiohttp.test_utils import TestServer

from prilavok.domain.access import ANYONE, SIGNED_IN, Permission
from prilavok.domain.roles import ADMIN, USER
from prilavok.transport.routing import Route
from tests.api.cast import ANONYMOUS, Player, hire
from tests.api.people import ApiClient
from tests.api.served import SERVED, path_of

LET_IN: Final = frozenset((415, 422))
ASKED: Final = frozenset(
    route.allow for route in SERVED if isinstance(route.allow, Permission)
)


def expected(route: Route, player: Player, *, is_own: bool) -> frozenset[int]:
    """Say what the route line promises."""
    if route.allow is ANYONE:
        return LET_IN
    if not player.user_id:
        return frozenset((401,))
    allowed = route.allow is SIGNED_IN or route.allow in player.permissions
    return LET_IN if allowed or (is_own and route.own) else frozenset((403,))


def cells(route: Route, cast: dict[str, Player]) -> Iterator[tuple[Player, str]]:
    """Pair everybody whom the route tells apart with his own and another's id."""
    players = [ANONYMOUS, cast[USER], cast[ADMIN]]
    if isinstance(route.allow, Permission):
        name = route.allow.value.replace(":", ".")
        players += [cast[f"only.{name}"], cast[f"lacks.{name}"]]
    for player in players:
        yield player, player.user_id or cast[USER].user_id
        other = cast[ADMIN if player.name == USER else USER]
        yield player, other.user_id


async def test_everybody_gets_where_the_route_line_lets_him(
    server: TestServer,
    admin: ApiClient,
    client: ApiClient,
) -> None:
    """Every route x every kind of role x own and another's id."""
    cast = await hire(admin, ASKED)
    for route in SERVED:
        for player, wanted_id in cells(route, cast):
            answer = await client.request(
                route.method,
                f"{path_of(route, wanted_id)}?nonsense=1",
                headers=player.headers | {"Content-Type": "text/plain"},
            )
            is_own = wanted_id == player.user_id
            cell = (route.method, route.path, player.name, is_own, answer.status)

            assert answer.status in expected(route, player, is_own=is_own), cell
