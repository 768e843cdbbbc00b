"""Commands for sessions."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated
from uuid import UUID

import typer

from prilavok.assembly.accounts import AccountServices
from prilavok.cli.operator import operator
from prilavok.cli.output import AsJson, run_on_accounts, say, show_items
from prilavok.domain.paging import MAX_PER_PAGE
from prilavok.domain.sessions import ListSessions, SeenSession
from prilavok.schemas.sessions import HeldSessionSchema

COLUMNS = ("id", "user", "kind", "created_at", "last_seen_at", "address", "user_agent")
SessionId = Annotated[UUID | None, typer.Argument(help="Id of one session.")]
OfUser = Annotated[str | None, typer.Option("--user", help="All of this login.")]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    sessions = typer.Typer(help="Who is signed in.", no_args_is_help=True)
    sessions.command("list")(list_sessions)
    sessions.command("revoke")(revoke)
    cli.add_typer(sessions, name="sessions")


def list_sessions(as_json: AsJson = False) -> None:
    """List everybody's sessions, those in use last first."""
    sessions = run_on_accounts(_list_all)
    show_items(HeldSessionSchema(), COLUMNS, sessions, as_json=as_json)


def revoke(
    session_id: SessionId = None,
    login: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """End one session, or all of a user."""
    if (session_id is None) == (login is None):
        raise typer.BadParameter("Name a session's id, or a login with --user.")
    if session_id is not None:
        run_on_accounts(partial(_end_one, session_id=session_id))
    elif login is not None:
        run_on_accounts(partial(_end_all, login=login))
    document = {"session_id": session_id, "login": login}
    say("Ended.", document, as_json=as_json)


async def _list_all(services: AccountServices) -> Iterable[SeenSession]:
    """Read page after page; what moves to another one meanwhile is told once."""
    found: dict[UUID, SeenSession] = {}
    number, total = 0, 1
    while number * MAX_PER_PAGE < total:
        number += 1
        query = ListSessions(number, MAX_PER_PAGE)
        page = await services.seen_sessions.list_all(operator(), query)
        found |= {session.id: session for session in page.items}
        total = page.total
    return found.values()


async def _end_one(services: AccountServices, session_id: UUID) -> None:
    await services.sessions.end_one(operator(), session_id)


async def _end_all(services: AccountServices, login: str) -> None:
    user = await services.users.get_by_login(login)
    await services.sessions.end_all(operator(), user.id)
