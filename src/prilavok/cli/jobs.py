"""Commands that look at background work."""

from functools import partial
from typing import Annotated, Final

import typer

from prilavok.cli.output import AsJson, run, say, show_items
from prilavok.schemas.jobs import DeadJobSchema, WaitingJobSchema
from prilavok.services.container import Services

WAITING: Final = ("id", "queued_at", "attempts", "message")
DEAD: Final = ("id", "died_at", "reason", "attempts", "error", "message")
JobId = Annotated[str | None, typer.Argument(metavar="[ID]", help="Id of a dead job.")]
AllOfThem = Annotated[bool, typer.Option("--all", help="Every dead job.")]


def register(cli: typer.Typer) -> None:
    """Add this group of commands."""
    jobs = typer.Typer(help="Background work.", no_args_is_help=True)
    jobs.command("list")(list_waiting)
    jobs.command("dead")(list_dead)
    jobs.command("retry")(retry)
    cli.add_typer(jobs, name="jobs")


def list_waiting(as_json: AsJson = False) -> None:
    """List what waits or is being worked on, oldest first."""
    waiting = run(lambda services: services.jobs.find_waiting())
    show_items(WaitingJobSchema(), WAITING, waiting, as_json=as_json)


def list_dead(as_json: AsJson = False) -> None:
    """List what is no longer tried, newest first, with the reason."""
    dead = run(lambda services: services.jobs.find_dead())
    show_items(DeadJobSchema(), DEAD, dead, as_json=as_json)


def retry(
    job_id: JobId = None,
    everything: AllOfThem = False,
    as_json: AsJson = False,
) -> None:
    """Send one dead job again, or all of them."""
    if (job_id is None) != everything:
        raise typer.BadParameter("Name a dead job's id, or all of them with --all.")
    sent = run(partial(_send, job_id=job_id))
    say(f"Sent again: {sent}.", {"sent": sent}, as_json=as_json)


async def _send(services: Services, job_id: str | None) -> int:
    if job_id is None:
        return await services.jobs.retry_all()
    await services.jobs.retry(job_id)
    return 1
