"""How commands answer: a table for people, JSON for programs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
import typer
from marshmallow import Schema
from rich.table import Column, Table
from rich.text import Text

from prilavok.cli.console import open_console
from prilavok.schemas.dump import compiled_dump
from prilavok.settings import Settings, load_settings

if TYPE_CHECKING:
    from prilavok.assembly.accounts import AccountServices
    from prilavok.services.container import Services

AnswerT = TypeVar("AnswerT")
ServicesT = TypeVar("ServicesT")
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def run(work: Callable[["Services"], Awaitable[AnswerT]]) -> AnswerT:
    """Connect as the settings say, do the work, and close everything."""
    from prilavok.assembly.services import open_services

    return asyncio.run(_run(open_services, work))


def run_on_accounts(
    work: Callable[["AccountServices"], Awaitable[AnswerT]],
) -> AnswerT:
    """Do the same for work on accounts, without loading what others need."""
    from prilavok.assembly.accounts import open_accounts

    return asyncio.run(_run(open_accounts, work))


def show_items(
    schema: Schema,
    columns: Sequence[str],
    answers: Iterable[object],
    *,
    as_json: bool,
) -> None:
    """Write answers as their schema dumps them; a table shows some columns."""
    dump = compiled_dump(schema)
    documents = [dump(answer) for answer in answers]
    if as_json:
        show_json({"items": documents})
        return
    table = Table(*map(_column, columns), box=None)
    for document in documents:
        table.add_row(*(_cell(document[column]) for column in columns))
    open_console().print(table)


def show_json(document: Any) -> None:
    """Write one JSON document."""
    typer.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))


def say(sentence: str, document: dict[str, Any], *, as_json: bool) -> None:
    """Say what was done, in words or as a document."""
    if as_json:
        show_json(document)
    else:
        typer.echo(sentence)


def plain(words: str) -> Text:
    """Show words of anybody as they are: no markup, nothing that terminals obey."""
    shown = (
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in words
    )
    return Text("".join(shown))


def _column(name: str) -> Column:
    # Ids are there to be copied, so they are never cut or broken.
    return Column(name, no_wrap=name == "id", overflow="fold")


def _cell(found: object) -> Text:
    if isinstance(found, dict):
        # Somebody: people know each other by their logins.
        found = found["login"]
    return plain("" if found is None else str(found))


async def _run(
    connect: Callable[[Settings], AbstractAsyncContextManager[ServicesT]],
    work: Callable[[ServicesT], Awaitable[AnswerT]],
) -> AnswerT:
    async with connect(load_settings()) as services:
        return await work(services)
