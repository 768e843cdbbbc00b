"""All services on open connections."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import async_sessionmaker

from prilavok.assembly.accounts import assemble_accounts
from prilavok.assembly.connections import Connections, open_connections
from prilavok.assembly.game import assemble_game
from prilavok.assembly.logs import assemble_logs, assemble_reports
from prilavok.assembly.sources import source_asking
from prilavok.domain.clock import utc_now
from prilavok.repositories.examination import Examination
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.probes import probe_database, probe_redis
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.source_results import SourceResultRepository
from prilavok.repositories.transaction import Database
from prilavok.services.accounts.bootstrap import Bootstrap, WeakPassword
from prilavok.services.container import Services
from prilavok.services.game.deliveries import DeliveryService
from prilavok.services.health import HealthService
from prilavok.services.jobs import JobService
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.services.overview import OverviewService
from prilavok.services.preparation import Preparation
from prilavok.services.sources.assembly import assemble_sources
from prilavok.services.sources.seeding import SourceSeeding
from prilavok.settings import Settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_services(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[Services]:
    """Connect to everything outside for as long as the block runs."""
    async with open_connections(settings, hasher) as connections:
        yield assemble_services(settings, connections)


def assemble_services(settings: Settings, connections: Connections) -> Services:
    """Build every service, feature by feature."""
    database = _database(connections)
    accounts = assemble_accounts(settings, connections, database)
    sources = assemble_sources(
        database,
        SourceResultRepository(connections.redis),
        source_asking(settings, connections.source_client),
        utc_now,
    )
    game = assemble_game(
        settings,
        connections.redis,
        database,
        connections.email_provider,
    )
    preparation = Preparation(
        partial(_prepare, settings, accounts.bootstrap, sources.seeding),
    )
    logs = assemble_logs(settings, connections, database)
    jobs = JobService(JobQueue(connections.redis), utc_now)
    return Services(
        bootstrap=accounts.bootstrap,
        preparation=preparation,
        sign_in=accounts.sign_in,
        sessions=accounts.sessions,
        seen_sessions=accounts.seen_sessions,
        users=accounts.users,
        roles=accounts.roles,
        history=accounts.history,
        sources=sources.registry,
        source_seeding=sources.seeding,
        source_items=sources.items,
        logs=logs,
        reports=assemble_reports(settings, connections),
        plays=game.plays,
        players=game.players,
        deliveries=game.deliveries,
        overview=OverviewService(
            database.reading,
            SessionRepository(connections.redis),
            utc_now,
        ),
        health=_health(connections, preparation, jobs, game.deliveries, logs),
        jobs=jobs,
    )


def _database(connections: Connections) -> Database:
    return Database(
        async_sessionmaker(connections.engine),
        SessionRepository(connections.redis).exists,
    )


def _health(
    connections: Connections,
    preparation: Preparation,
    jobs: JobService,
    deliveries: DeliveryService,
    logs: LogServices,
) -> HealthService:
    return HealthService(
        (
            ("postgresql", partial(probe_database, connections.engine)),
            ("redis", partial(probe_redis, connections.redis)),
            ("preparation", preparation.check),
        ),
        Examination(connections.engine),
        jobs,
        deliveries,
        (("countries", logs.countries.check),),
    )


async def _prepare(
    settings: Settings,
    bootstrap: Bootstrap,
    sources: SourceSeeding,
) -> None:
    try:
        await bootstrap.prepare(settings.admin_login, settings.admin_password)
    except WeakPassword as error:
        # As without one: it serves, and only an administrator is missing.
        logger.error("ADMIN_PASSWORD is refused, there is no administrator: %s", error)
    await sources.seed(dict(settings.sources))
