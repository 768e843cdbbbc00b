"""What the path of a request names."""

from uuid import UUID

from aiohttp import web

from prilavok.domain.access import Actor
from prilavok.domain.errors import Unauthenticated
from prilavok.transport.keys import ACTOR


def path_id(request: web.Request) -> UUID:
    """Return the ``{id}`` of the path; the router admits UUIDs only."""
    return UUID(request.match_info["id"])


def own_id(request: web.Request) -> UUID:
    """Return the id of whoever is signed in."""
    actor: Actor = request[ACTOR]
    if actor.user_id is None:
        raise Unauthenticated("Sign in first.")
    return actor.user_id
