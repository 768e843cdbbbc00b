"""The commands that do background work, and that ask for what is periodic."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Final

import typer
from redis.asyncio import Redis

from prilavok.assembly.services import open_services
from prilavok.jobs.registry import JOBS
from prilavok.jobs.scheduler import Scheduler
from prilavok.jobs.table import JobContext
from prilavok.jobs.worker import Worker
from prilavok.log_config import configure_logging
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.redis_client import create_redis
from prilavok.settings import Settings, SettingsError, load_settings
from prilavok.stop_event import stop_event
from prilavok.stopping import Stopping, told_to_stop

# A worker waits a second for a message.
ANSWER_SECONDS: Final = 3


def register(cli: typer.Typer) -> None:
    """Add these commands."""
    cli.command()(worker)
    cli.command()(scheduler)


def worker() -> None:
    """Do background work until SIGTERM; what cannot be finished soon is given back."""
    with told_to_stop() as stopping:
        asyncio.run(_work(_settings(), stopping))


def scheduler() -> None:
    """Ask for periodic background work until SIGTERM; more than one do no harm."""
    with told_to_stop() as stopping:
        asyncio.run(_schedule(_settings(), stopping))


def _settings() -> Settings:
    """Make the workers' Redis user the only one that this process knows."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    url = settings.worker_redis_url or settings.redis_url
    if url is None:
        raise SettingsError("WORKER_REDIS_URL: not set, and no `make run` is running.")
    return replace(settings, redis_url=url)


async def _work(settings: Settings, told: Stopping) -> None:
    stopping = stop_event(told)
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        redis = _open_redis(settings, stack)
        await Worker(JOBS, JobContext(services, stopping), redis).run(stopping)


async def _schedule(settings: Settings, told: Stopping) -> None:
    stopping = stop_event(told)
    async with AsyncExitStack() as stack:
        redis = _open_redis(settings, stack)
        await Scheduler(JOBS.values(), JobQueue(redis)).run(stopping)


def _open_redis(settings: Settings, stack: AsyncExitStack) -> Redis:
    redis = create_redis(settings.redis_url or "", ANSWER_SECONDS)
    stack.push_async_callback(redis.aclose, close_connection_pool=True)
    return redis
