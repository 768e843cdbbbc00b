"""The command that does background work."""

import asyncio
from contextlib import AsyncExitStack

import typer

from prilavok.assembly.services import open_services
from prilavok.cli.background import background_settings, open_redis
from prilavok.jobs.registry import JOBS
from prilavok.jobs.table import JobContext
from prilavok.jobs.worker import Worker
from prilavok.settings import Settings
from prilavok.stop_event import stop_event
from prilavok.stopping import Stopping, told_to_stop


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(worker)


def worker() -> None:
    """Do background work until SIGTERM; what cannot be finished soon is given back."""
    with told_to_stop() as stopping:
        asyncio.run(_work(background_settings(), stopping))


async def _work(settings: Settings, told: Stopping) -> None:
    stopping = stop_event(told)
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        redis = open_redis(settings, stack)
        await Worker(JOBS, JobContext(services, stopping), redis).run(stopping)
