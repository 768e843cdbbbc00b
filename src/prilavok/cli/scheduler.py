"""The command that asks for what is periodic; it needs no services and no database."""

import asyncio
from contextlib import AsyncExitStack

import typer

from prilavok.cli.background import background_settings, open_redis
from prilavok.jobs.registry import JOBS
from prilavok.jobs.scheduler import Scheduler
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.settings import Settings
from prilavok.stop_event import stop_event
from prilavok.stopping import Stopping, told_to_stop


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(scheduler)


def scheduler() -> None:
    """Ask for periodic background work until SIGTERM; more than one do no harm."""
    with told_to_stop() as stopping:
        asyncio.run(_schedule(background_settings(), stopping))


async def _schedule(settings: Settings, told: Stopping) -> None:
    stopping = stop_event(told)
    async with AsyncExitStack() as stack:
        redis = open_redis(settings, stack)
        await Scheduler(JOBS.values(), JobQueue(redis)).run(stopping)
