"""Routes that cannot exist without saying who may call them.

The line that declares a route is the only one: router, OpenAPI document and access
matrix all read it. ``own="id"`` also admits whoever the ``{id}`` in the path names,
so that a user reaches his own account without any permission.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Required, TypeAlias, TypedDict, Unpack, final
from uuid import UUID

from aiohttp import hdrs, web
from marshmallow import Schema

from prilavok.domain.access import ANYONE, Allow, check_access
from prilavok.schemas.base import InputSchema, NoInputSchema
from prilavok.transport.answers import write_reply
from prilavok.transport.conditional import tag_answer
from prilavok.transport.csv_export import CsvExport, send_csv
from prilavok.transport.keys import ACTOR, ADMIT, IS_SHARED, ROUTE, SITE
from prilavok.transport.messages import (
    ANONYMOUS_MAX_BYTES,
    MAX_BYTES,
    BodyReader,
    Reply,
    parse_body,
    read_body,
    read_query,
)
from prilavok.transport.negotiation import CSV_FORM, TEXT_FORM, choose_form
from prilavok.transport.session import check_anonymous, identify
from prilavok.transport.sharing import answer_preflight
from prilavok.transport.text_export import TextExport, send_text
from prilavok.transport.text_ids import TextIds

Answered: TypeAlias = Reply | web.StreamResponse
Handler: TypeAlias = Callable[[web.Request, Any], Awaitable[Answered]]
Decorator: TypeAlias = Callable[[Handler], Handler]

# An id that is no UUID is an unknown path.
UUID_PATTERN: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NO_QUERY: Final = NoInputSchema()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the access matrix and one operation of the OpenAPI document.

    Whom only ``own`` lets in sends ``own_body`` where it differs from ``body``.
    ``edits``: the answer has a version, or ``If-Match`` is honoured. ``refuses``: what
    it may answer beside the refusals that every route of its kind has. ``aliases`` are
    further paths of the same thing; the document names them in words only.
    ``receive``: reads a body that is more than JSON. ``text``: what it looks like as
    plain text. ``events``: it answers by a stream of events.
    ``detail``: another shape of the answer, where the reply says so. ``headers``: with
    their meanings, those that only this route's success has. ``also``: further statuses
    of success. ``idempotent``: it reads an
    Idempotency-Key.
    ``text_ids``: what it answers with ``ids=string``.
    ``shared``: pages of the origins in the settings may read it.
    """

    method: str
    path: str
    allow: Allow
    handler: Handler
    own: str | None = None
    query: InputSchema[Any] = NO_QUERY
    body: InputSchema[Any] | None = None
    own_body: InputSchema[Any] | None = None
    answer: Schema | None = None
    detail: Schema | None = None
    headers: tuple[tuple[str, str], ...] = ()
    status: HTTPStatus = HTTPStatus.OK
    csv: CsvExport | None = None
    edits: bool = False
    aliases: tuple[str, ...] = ()
    refuses: tuple[HTTPStatus, ...] = ()
    also: tuple[HTTPStatus, ...] = ()
    idempotent: bool = False
    shared: bool = False
    receive: BodyReader | None = None
    text: TextExport | None = None
    events: bool = False
    text_ids: TextIds | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Name the forms that the answer has beside JSON."""
        exports = {CSV_FORM: self.csv, TEXT_FORM: self.text}
        return tuple(form for form, export in exports.items() if export is not None)

    @property
    def max_bytes(self) -> int:
        """Tell how large a JSON body may be, unpacked."""
        return ANONYMOUS_MAX_BYTES if self.allow is ANYONE else MAX_BYTES

    def register(self, app: web.Application) -> None:
        """Let the application serve this route."""
        for served in (self.path, *self.aliases):
            path = served.replace("{id}", f"{{id:{UUID_PATTERN}}}")
            if self.method == hdrs.METH_GET:
                app.router.add_get(path, self.serve)
            else:
                app.router.add_route(self.method, path, self.serve)
            if self.shared and app[SITE].shared_with:
                app.router.add_options(path, answer_preflight)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Decide access first, so that a stranger's body is never read."""
        request[ROUTE] = self.path
        request[IS_SHARED] = self.shared
        request[ADMIT] = partial(self._admit, request)
        await self._admit(request)
        form = choose_form(request, self.forms)
        as_text = self.text_ids is not None and self.text_ids.is_wanted(request)
        found = await self._read(request)
        if self.csv is not None and form == CSV_FORM:
            return await send_csv(request, self._export(self.csv, as_text), found)
        if self.text is not None and form == TEXT_FORM:
            return await send_text(request, self.text, found)
        reply = await self.handler(request, found)
        if isinstance(reply, web.StreamResponse):
            return reply
        shapes = self.text_ids if as_text and self.text_ids is not None else self
        answer = shapes.detail if reply.is_detailed else shapes.answer
        return tag_answer(request, await write_reply(answer, self.status, reply))

    def _export(self, export: CsvExport, as_text: bool) -> CsvExport:
        row = self.text_ids and self.text_ids.row
        return replace(export, schema=row) if as_text and row else export

    async def _admit(self, request: web.Request) -> None:
        if self.allow is ANYONE:
            await check_anonymous(request)
        else:
            await identify(request)
        owner_id = UUID(request.match_info[self.own]) if self.own else None
        check_access(request[ACTOR], self.allow, owner_id)

    async def _read(self, request: web.Request) -> Any:
        """Read body and query; access is decided anew when the body has arrived."""
        body = self.body
        if self.receive is not None:
            read_query(self.query, request)
            return await self.receive.read(request)
        if body is None:
            return read_query(self.query, request)
        received = await read_body(request, self.max_bytes)
        await self._admit(request)
        if self.own_body is not None and self.allow not in request[ACTOR].permissions:
            body = self.own_body
        found = await parse_body(request.app, body, received)
        read_query(self.query, request)
        return found


class Line(TypedDict, total=False):
    """What a route line may say; the fields are those of ``Route``."""

    allow: Required[Allow]
    own: str
    query: InputSchema[Any]
    body: InputSchema[Any]
    own_body: InputSchema[Any]
    answer: Schema
    detail: Schema
    headers: tuple[tuple[str, str], ...]
    csv: CsvExport
    edits: bool
    aliases: tuple[str, ...]
    refuses: tuple[HTTPStatus, ...]
    also: tuple[HTTPStatus, ...]
    idempotent: bool
    shared: bool
    status: HTTPStatus
    receive: BodyReader
    text: TextExport
    events: bool
    text_ids: TextIds | None


@final
class RouteTable:
    """The routes of one handler module; ``allow`` is required on purpose."""

    def __init__(self, prefix: str = "/api/v1") -> None:
        """Start an empty table under the prefix."""
        self.routes: list[Route] = []
        self._prefix = prefix

    def get(self, path: str, **line: Unpack[Line]) -> Decorator:
        """Declare a read."""
        return self._declare(hdrs.METH_GET, path, line)

    def post(self, path: str, **line: Unpack[Line]) -> Decorator:
        """Declare a write that makes something: 201, where the line says no other."""
        line.setdefault("status", HTTPStatus.CREATED)
        return self._declare(hdrs.METH_POST, path, line)

    def put(self, path: str, **line: Unpack[Line]) -> Decorator:
        """Declare a write that replaces something."""
        return self._declare(hdrs.METH_PUT, path, line)

    def patch(self, path: str, **line: Unpack[Line]) -> Decorator:
        """Declare a write that changes something."""
        return self._declare(hdrs.METH_PATCH, path, line)

    def delete(self, path: str, **line: Unpack[Line]) -> Decorator:
        """Declare a removal: 204, where the line says no other."""
        line.setdefault("status", HTTPStatus.NO_CONTENT)
        return self._declare(hdrs.METH_DELETE, path, line)

    def _declare(self, method: str, path: str, line: Line) -> Decorator:
        def decorator(handler: Handler) -> Handler:
            self.routes.append(
                Route(
                    method=method,
                    path=f"{self._prefix}{path}",
                    handler=handler,
                    **line,
                ),
            )
            return handler

        return decorator
