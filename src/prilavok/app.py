"""Composition root: the one file that knows every concrete class."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from aiohttp import web
from aiohttp_session import setup as setup_sessions
from argon2 import PasswordHasher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.opening import FetcherMissing, open_client
from prilavok.clients.passwords import Passwords
from prilavok.clients.tokens import Tokens
from prilavok.repositories.engine import (
    IMPORT_COMMAND_SECONDS,
    IMPORT_POOL_SIZE,
    create_engine,
)
from prilavok.repositories.examination import Examination
from prilavok.repositories.guess_limits import GuessLimits
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.probes import probe_database, probe_redis
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.sessions import SessionRepository
from prilavok.repositories.source_results import SourceResultRepository
from prilavok.repositories.transaction import Database
from prilavok.services.accounts.bootstrap import Bootstrap
from prilavok.services.accounts.guesses import Guesses
from prilavok.services.accounts.history import HistoryService
from prilavok.services.accounts.lifetimes import Lifetimes
from prilavok.services.accounts.roles import RoleService
from prilavok.services.accounts.seen_sessions import SeenSessionService
from prilavok.services.accounts.sessions import SessionService
from prilavok.services.accounts.sign_in import SignInService
from prilavok.services.accounts.user_secrets import UserSecrets
from prilavok.services.accounts.user_writes import UserWrites
from prilavok.services.accounts.users import UserService
from prilavok.services.container import Services
from prilavok.services.health import HealthService
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.services.log_analytics.parser import LogParser
from prilavok.services.log_analytics.reports import ReportService
from prilavok.services.log_analytics.sample import SampleService
from prilavok.services.overview import OverviewService
from prilavok.services.preparation import Preparation
from prilavok.services.sources.assembly import assemble_sources
from prilavok.services.sources.seeding import SourceSeeding
from prilavok.settings import Settings, SettingsError
from prilavok.transport.draining import DRAINING, Draining, draining_middleware
from prilavok.transport.handlers.pages import add_pages
from prilavok.transport.keys import BODY_SECONDS, SERVICES, SITE, Site
from prilavok.transport.middlewares.access_log import access_log_middleware
from prilavok.transport.middlewares.errors import problem_middleware
from prilavok.transport.middlewares.request_id import (
    request_id_middleware,
    tell_request_id,
)
from prilavok.transport.middlewares.security_headers import add_security_headers
from prilavok.transport.routes import ROUTES
from prilavok.transport.session import TicketStorage

# With what lingers afterwards, a slow client holds a connection for under 30 s.
MAX_BODY_SECONDS: Final = 20


@asynccontextmanager
async def open_services(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[Services]:
    """Connect to everything outside for as long as the block runs."""
    async with AsyncExitStack() as stack:
        engine = create_engine(_required(settings.database_url, "DATABASE_URL"))
        stack.push_async_callback(engine.dispose)
        log_engine = create_engine(
            engine.url.render_as_string(hide_password=False),
            IMPORT_POOL_SIZE,
            IMPORT_COMMAND_SECONDS,
        )
        stack.push_async_callback(log_engine.dispose)
        redis = create_redis(_required(settings.redis_url, "REDIS_URL"))
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        passwords = Passwords(hasher)
        stack.callback(passwords.close)
        sources = _open_sources(settings)
        stack.push_async_callback(sources.close)
        yield create_services(
            settings,
            engine,
            log_engine,
            redis,
            passwords,
            sources,
        )


def create_services(
    settings: Settings,
    engine: AsyncEngine,
    log_engine: AsyncEngine,
    redis: Redis,
    passwords: Passwords,
    source_client: SourceClient,
) -> Services:
    """Build every service on open connections."""
    database = Database(async_sessionmaker(engine))
    stored = SessionRepository(redis)
    sessions = SessionService(
        reading=database.reading,
        sessions=stored,
        lifetimes=Lifetimes(
            idle=timedelta(minutes=settings.session_idle_minutes),
            absolute=timedelta(hours=settings.session_absolute_hours),
            token=timedelta(minutes=settings.token_minutes),
        ),
        now=utc_now,
    )
    sign_in = SignInService(
        reading=database.reading,
        transaction=database.transaction,
        sessions=sessions,
        guesses=Guesses(_guess_limits(settings, redis)),
        passwords=passwords,
        tokens=Tokens(_secret_keys(settings)),
        now=utc_now,
    )
    bootstrap = Bootstrap(database.reading, database.transaction, passwords)
    sources = assemble_sources(
        database,
        SourceResultRepository(redis),
        source_client,
        settings.source_timeout_seconds,
        utc_now,
    )
    preparation = Preparation(partial(_prepare, settings, bootstrap, sources.seeding))
    return Services(
        bootstrap=bootstrap,
        preparation=preparation,
        sign_in=sign_in,
        sessions=sessions,
        seen_sessions=SeenSessionService(database.reading, stored, utc_now),
        users=UserService(
            reading=database.reading,
            writes=UserWrites(database.transaction),
            sessions=sessions,
            secrets=UserSecrets(database.reading, sign_in, passwords),
            passwords=passwords,
        ),
        roles=RoleService(database.reading, database.transaction),
        history=HistoryService(database.reading),
        sources=sources.registry,
        source_seeding=sources.seeding,
        source_items=sources.items,
        logs=create_log_services(settings, log_engine),
        reports=ReportService(database.reading, OfflineCountries().source),
        overview=OverviewService(database.reading, stored, utc_now),
        health=HealthService(
            (
                ("postgresql", partial(probe_database, engine)),
                ("redis", partial(probe_redis, redis)),
                ("preparation", preparation.check),
            ),
            Examination(engine),
        ),
    )


def create_log_services(settings: Settings, engine: AsyncEngine) -> LogServices:
    """Build what works on logs, on an engine whose commands may take minutes."""
    store = LogStore(engine)
    parser = LogParser(settings.shop_host)
    importer = Importer(store, parser, OfflineCountries())
    imports = ImportService(store)
    sample = SampleService(importer, imports, settings.shop_host)
    return LogServices(importer, imports, sample)


def create_app(
    settings: Settings,
    hasher: PasswordHasher | None = None,
) -> web.Application:
    """Assemble the application; it connects when it starts."""
    app = web.Application(
        middlewares=[
            draining_middleware,
            request_id_middleware,
            access_log_middleware,
        ],
    )
    app[DRAINING] = Draining()
    app[BODY_SECONDS] = MAX_BODY_SECONDS
    app[SITE] = Site(settings.public_url, settings.trusted_proxies)
    setup_sessions(app, TicketStorage(is_secure=app[SITE].is_secure))
    app.middlewares.append(problem_middleware)
    app.on_response_prepare.append(tell_request_id)
    app.on_response_prepare.append(add_security_headers)
    app.cleanup_ctx.append(partial(_serve, settings, hasher))
    for route in ROUTES:
        route.register(app)
    add_pages(app)
    return app


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


async def _serve(
    settings: Settings,
    hasher: PasswordHasher | None,
    app: web.Application,
) -> AsyncIterator[None]:
    async with open_services(settings, hasher) as services:
        app[SERVICES] = services
        async with services.preparation.under_way():
            yield


async def _prepare(
    settings: Settings,
    bootstrap: Bootstrap,
    sources: SourceSeeding,
) -> None:
    await bootstrap.prepare(settings.admin_login, settings.admin_password)
    await sources.seed(dict(settings.sources))


def _open_sources(settings: Settings) -> SourceClient:
    try:
        return open_client(
            settings.source_fetcher,
            allow_private=settings.sources_allow_private,
        )
    except FetcherMissing as error:
        raise SettingsError(str(error)) from error


def _guess_limits(settings: Settings, redis: Redis) -> GuessLimits:
    return GuessLimits(
        redis,
        settings.login_attempts,
        settings.login_attempts_per_address,
        settings.login_window_seconds,
    )


def _secret_keys(settings: Settings) -> tuple[str, ...]:
    if not settings.secret_key:
        raise SettingsError("SECRET_KEY: not set.")
    return settings.secret_key


def _required(setting: str | None, name: str) -> str:
    if setting is None:
        raise SettingsError(f"{name}: not set, and no `make run` is running here.")
    return setting
