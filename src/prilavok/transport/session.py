"""Who is behind a request: the browser's cookie or a program's token.

aiohttp-session carries the ticket and writes the cookie; the sessions themselves are
the services'. Its own Redis storage would bring ended sessions back to life (see
docs/adr), so ours reads nothing and writes nothing but the cookie.
"""

from typing import Final, final
from uuid import UUID

from aiohttp import hdrs, web
from aiohttp_session import (
    AbstractStorage,
    Session,
    SessionData,
    get_session,
    new_session,
)
from typing_extensions import override

from prilavok.domain import sessions
from prilavok.domain.access import Actor
from prilavok.domain.errors import Unauthenticated
from prilavok.transport.cross_site import check_same_origin
from prilavok.transport.keys import ACTOR, SERVICES, SESSION

COOKIE: Final = "prilavok_session"
TICKET: Final = "ticket"


@final
class TicketStorage(AbstractStorage):
    """The cookie: a session's id and its secret, with a dot between them."""

    def __init__(self, *, is_secure: bool) -> None:
        """Name and guard the cookie as the site's address allows."""
        super().__init__(cookie_name=f"__Host-{COOKIE}" if is_secure else COOKIE)
        self._is_secure = is_secure

    @override
    async def load_session(self, request: web.Request) -> Session:
        """Take the ticket from the cookie, unproven."""
        cookie = self.load_cookie(request)
        if not cookie:
            return Session(None, data=None, new=True, max_age=None)
        loaded = SessionData(created=0, session={TICKET: cookie})
        return Session(cookie, data=loaded, new=False, max_age=None)

    @override
    async def save_session(
        self,
        request: web.Request,
        response: web.StreamResponse,
        session: Session,
    ) -> None:
        """Set or clear the cookie, which goes when the browser is closed."""
        ticket = session.get(TICKET)
        response.set_cookie(
            self.cookie_name,
            ticket or "",
            max_age=None if ticket else 0,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )


async def identify(request: web.Request) -> None:
    """Replace the nameless actor by the user behind a token or a cookie.

    The token wins where both come. Raises ``Unauthenticated`` when what was shown is
    worth nothing (any more). Asked again, it forgets whom it found before.
    """
    services = request.app[SERVICES]
    before = request[ACTOR]
    request[ACTOR] = Actor(before.request_id, address=before.address)
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        session = await find_by_cookie(request)
    else:
        session = await services.sign_in.find_by_token(_bearer(header))
        if session is None:
            raise Unauthenticated("The token is worth nothing any more.")
    if session is None:
        return
    request[ACTOR] = await services.sessions.admit(request[ACTOR], session)
    request[SESSION] = session
    if header is None:
        check_same_origin(request)


async def check_anonymous(request: web.Request) -> None:
    """Refuse what a foreign page sends with our cookie where nobody need be known.

    Signing in is such a route: no other site may sign a browser in as somebody else.
    """
    if TICKET in await get_session(request):
        check_same_origin(request)


async def find_by_cookie(request: web.Request) -> sessions.Session | None:
    """Return the living session of the browser, if it has one."""
    ticket = _read_ticket((await get_session(request)).get(TICKET))
    if ticket is None:
        return None
    return await request.app[SERVICES].sessions.find_by_ticket(ticket)


async def give_ticket(request: web.Request, ticket: sessions.Ticket) -> None:
    """Put a new session's ticket into the browser's cookie."""
    session = await new_session(request)
    session_id = ticket.session_id.hex
    session[TICKET] = f"{session_id}.{ticket.secret}"


async def take_ticket(request: web.Request) -> None:
    """Clear the browser's cookie."""
    (await get_session(request)).invalidate()


def _read_ticket(cookie: str | None) -> sessions.Ticket | None:
    if not cookie or not cookie.isascii():
        return None
    session_id, _, secret = cookie.partition(".")
    try:
        return sessions.Ticket(UUID(hex=session_id), secret)
    except ValueError:
        return None


def _bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise Unauthenticated("Only Bearer tokens are understood.")
    return token.strip()
