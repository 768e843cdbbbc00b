"""Who signs in, and what accounts there are."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import final

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.clients.passwords import Passwords
from prilavok.clients.tokens import Tokens
from prilavok.domain.clock import utc_now
from prilavok.repositories.engine import create_engine
from prilavok.repositories.guess_limits import GuessLimits
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.sessions import SessionRepository
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
from prilavok.settings import Settings, SettingsError, required


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountServices:
    """The services of one feature."""

    bootstrap: Bootstrap
    sign_in: SignInService
    sessions: SessionService
    seen_sessions: SeenSessionService
    users: UserService
    roles: RoleService
    history: HistoryService


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[AccountServices]:
    """Connect to what accounts need while the block runs, and load nothing else."""
    async with AsyncExitStack() as stack:
        engine = create_engine(required(settings.database_url, "DATABASE_URL"))
        stack.push_async_callback(engine.dispose)
        redis = create_redis(required(settings.redis_url, "REDIS_URL"))
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        passwords = Passwords()
        stack.callback(passwords.close)
        database = accounts_database(engine, redis)
        yield assemble_accounts(settings, database, redis, passwords)


def accounts_database(engine: AsyncEngine, redis: Redis) -> Database:
    """Build transactions that know which sessions there are."""
    return Database(async_sessionmaker(engine), SessionRepository(redis).exists)


def assemble_accounts(
    settings: Settings,
    database: Database,
    redis: Redis,
    passwords: Passwords,
) -> AccountServices:
    """Build what works on users, roles and sessions."""
    stored = SessionRepository(redis)
    sessions = SessionService(
        reading=database.reading,
        transaction=database.transaction,
        sessions=stored,
        lifetimes=_lifetimes(settings),
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
    users = UserService(
        reading=database.reading,
        writes=UserWrites(database.transaction),
        sessions=sessions,
        secrets=UserSecrets(database.reading, sign_in, passwords),
        passwords=passwords,
    )
    return AccountServices(
        bootstrap=Bootstrap(database.reading, database.transaction, passwords),
        sign_in=sign_in,
        sessions=sessions,
        seen_sessions=SeenSessionService(database.reading, stored, utc_now),
        users=users,
        roles=RoleService(database.reading, database.transaction),
        history=HistoryService(database.reading),
    )


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(hours=settings.session_absolute_hours),
        token=timedelta(minutes=settings.token_minutes),
    )


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
