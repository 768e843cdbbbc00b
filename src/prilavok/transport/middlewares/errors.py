"""Guard around the handlers: a failure leaves as a problem document."""

from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from prilavok.transport.attendance import CLIENT_LEFT, has_left
from prilavok.transport.keys import ACTOR
from prilavok.transport.problems import problem_for


@web.middleware
async def problem_middleware(
    request: web.Request,
    handler: Handler,
) -> web.StreamResponse:
    """Answer with the handler's reply or with the problem it ran into.

    That the client has left is no problem of ours, and no answer reaches it.

    Once part of an answer is sent the failure goes on, and the connection is cut: a
    second answer would look like the rest of the first.
    """
    try:
        return await handler(request)
    except (web.HTTPRedirection, web.HTTPSuccessful):
        raise
    except Exception as error:
        if isinstance(error, ConnectionError) and has_left(request):
            return web.Response(status=CLIENT_LEFT)
        if request.writer.output_size > 0:
            raise
        return _refuse(request, error)


def _refuse(request: web.Request, error: Exception) -> web.Response:
    response = problem_for(error).response(request[ACTOR].request_id)
    # Where a body broke off, nobody can tell where the next request would begin.
    is_broken = request.content.exception() is not None
    if is_broken or response.status == HTTPStatus.REQUEST_TIMEOUT:
        response.force_close()
    return response
