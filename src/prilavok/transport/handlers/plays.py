"""HTTP face of playing."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from prilavok.domain.access import ANYONE
from prilavok.domain.plays import RegisterPlay
from prilavok.schemas.plays import AcceptedPlaySchema, PlaySchema, RegisterPlaySchema
from prilavok.transport.idempotency import read_key
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


@table.post(
    "/plays",
    allow=ANYONE,
    body=RegisterPlaySchema(),
    answer=PlaySchema(),
    detail=AcceptedPlaySchema(),
    also=(HTTPStatus.OK,),
    idempotent=True,
    shared=True,
)
async def register_play(request: web.Request, command: RegisterPlay) -> Reply:
    """Count one more play of the email: 201 for its first one, 200 for later ones.

    Where the service is set not to reveal who plays, all are 200 with the email only.
    """
    outcome = await request.app[SERVICES].plays.register(
        request[ACTOR],
        command,
        read_key(request),
    )
    return Reply(
        outcome.play,
        status=HTTPStatus.CREATED if outcome.is_first else HTTPStatus.OK,
        is_detailed=not outcome.is_revealed,
    )
