"""Commands for players of the promo game."""

from functools import partial
from typing import Annotated, Final

import typer

from prilavok.cli.output import AsJson, run, say
from prilavok.domain.esp_delivery import Delivered, OutboxState
from prilavok.services.container import Services

DEFAULT_SECONDS: Final = 60
NOT_ALL: Final = (
    "Not all could be asked in this time and within ESP_CALLS_PER_MINUTE, or they were "
    "without success: esp_error of each player says which."
)
Seconds = Annotated[
    int,
    typer.Option(min=1, help="How long to try, at most."),
]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    players = typer.Typer(help="Players of the promo game.", no_args_is_help=True)
    players.callback()(_about)
    players.command("sync")(sync)
    cli.add_typer(players, name="players")


def sync(seconds: Seconds = DEFAULT_SECONDS, as_json: AsJson = False) -> None:
    """Ask the email provider now for all mails that wait; exit code 1 if some still do.

    Workers do the same by themselves; this does not wait for their pauses.
    """
    delivered, state = run(partial(_sync, seconds=seconds))
    sentence = f"{delivered.settled} delivered, {delivered.pending} still wait."
    trouble = _trouble(delivered, state)
    told = {
        "settled": delivered.settled,
        "pending": delivered.pending,
        "trouble": trouble,
    }
    say(" ".join(filter(None, (sentence, trouble))), told, as_json=as_json)
    if delivered.pending:
        raise typer.Exit(1)


def _trouble(delivered: Delivered, state: OutboxState) -> str | None:
    if delivered.pending:
        return state.trouble or NOT_ALL
    return state.trouble


def _about() -> None:
    """Keep ``sync`` a command of the group, though it is the only one."""


async def _sync(services: Services, seconds: int) -> tuple[Delivered, OutboxState]:
    await services.deliveries.hurry()
    delivered = await services.deliveries.deliver_due(seconds)
    return delivered, await services.deliveries.state()
