"""Commands for accounts: administrators, users."""

import sys
from functools import partial
from secrets import token_urlsafe
from typing import Annotated, Any, Final

import typer

from prilavok.assembly.accounts import AccountServices
from prilavok.cli.operator import operator
from prilavok.cli.output import AsJson, run_on_accounts, say, show_items
from prilavok.domain.paging import MAX_PER_PAGE
from prilavok.domain.roles import ADMIN
from prilavok.domain.users import CreateUser, ListUsers, User
from prilavok.domain.versions import ANY_VERSION
from prilavok.schemas.user_inputs import CreateUserSchema, EditUserSchema
from prilavok.schemas.users import UserSchema

PASSWORD_BYTES: Final = 12
COLUMNS: Final = ("login", "first_name", "last_name", "email", "role", "is_active")
Login = Annotated[str, typer.Argument(help="Login of the account.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input."),
]
Search = Annotated[str | None, typer.Option("-q", help="Part of login, name or mail.")]


def register(cli: typer.Typer) -> None:
    """Add these groups of commands."""
    admin = typer.Typer(help="Administrators.", no_args_is_help=True)
    admin.command("create")(create_administrator)
    admin.command("reset-password")(reset_password)
    users = typer.Typer(help="Staff accounts.", no_args_is_help=True)
    users.command("list")(list_users)
    # A group of one command needs a callback, or typer makes it the group itself.
    users.callback()(_group)
    cli.add_typer(admin, name="admin")
    cli.add_typer(users, name="users")


def create_administrator(
    login: Login,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make an administrator; without a password given, a random one is shown."""
    password = _password(password_stdin)
    document = {
        "login": login,
        "password": password,
        "first_name": login[:1].upper() + login[1:],
        "last_name": "Administrator",
        "role": ADMIN,
    }
    command = CreateUserSchema().parse(document)
    run_on_accounts(partial(_create, command=command))
    _tell("is an administrator now", login, password, password_stdin, as_json)


def reset_password(
    login: Login,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Give an account a new password; all its sessions end."""
    password = _password(password_stdin)
    changes = EditUserSchema().parse({"password": password})
    run_on_accounts(partial(_edit, login=login, changes=changes))
    _tell("has a new password", login, password, password_stdin, as_json)


def list_users(search: Search = None, as_json: AsJson = False) -> None:
    """List the accounts, by login."""
    query = ListUsers(per_page=MAX_PER_PAGE, sort=("login",), search=search)
    users = run_on_accounts(partial(_stream, query=query))
    show_items(UserSchema(), COLUMNS, users, as_json=as_json)


def _group() -> None:
    """Staff accounts."""


async def _create(services: AccountServices, command: CreateUser) -> User:
    # Before the service's first start there are no roles yet.
    await services.bootstrap.ensure_roles()
    return await services.users.create(operator(), command)


async def _edit(services: AccountServices, login: str, changes: dict[str, Any]) -> User:
    user = await services.users.get_by_login(login)
    return await services.users.edit(operator(), user.id, changes, ANY_VERSION)


async def _stream(services: AccountServices, query: ListUsers) -> list[User]:
    return [user async for user in services.users.stream(query)]


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return token_urlsafe(PASSWORD_BYTES)


def _tell(
    done: str,
    login: str,
    password: str,
    from_stdin: bool,
    as_json: bool,
) -> None:
    document = {"login": login}
    sentence = f"{login} {done}."
    if not from_stdin:
        document["password"] = password
        sentence = f"{sentence} Password (shown only now): {password}"
    say(sentence, document, as_json=as_json)
