"""How we connect to PostgreSQL."""

from typing import Final

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from prilavok.repositories.pool_guard import PoolGuard

POOL_SIZE: Final = 10
POOL_WAIT_SECONDS: Final = 1
CONNECT_SECONDS: Final = 1
COMMAND_SECONDS: Final = 1
RECYCLE_SECONDS: Final = 1800
# Reports have connections of their own, so that nobody waits behind them. One that has
# to read from the disk takes longer; still all is over within three seconds.
REPORT_POOL_SIZE: Final = 5
REPORT_COMMAND_SECONDS: Final = 2
# An import holds two connections, on which a command may look through everything.
IMPORT_POOL_SIZE: Final = 5
IMPORT_COMMAND_SECONDS: Final = 600
# Less than the driver waits for a command, and than PostgreSQL waits before it looks
# for deadlocks: whoever stands in a queue of locks gives up in time to try again.
LOCK_MILLISECONDS: Final = 400
# Whoever gives commands so much time waits for locks as long.
LONG_COMMAND_SECONDS: Final = 20
# A transaction that asks for nothing for so long has lost its client.
IDLE_SECONDS: Final = 10
# How soon the server notices that the client of a running statement is gone.
LOOK_MILLISECONDS: Final = 500
MILLISECONDS: Final = 1000


def create_engine(
    url: str,
    pool_size: int = POOL_SIZE,
    command_seconds: float = COMMAND_SECONDS,
) -> AsyncEngine:
    """Prepare a pool; a command that takes longer than its limit fails.

    Both sides keep the limit. Without the driver's own time-outs a query into a black
    hole never ends, not even by cancelling its task (asyncpg issue 1326). Without the
    server's, a statement goes on that nobody waits for any more.
    """
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        # Errors are logged: secrets and mails have no place there.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": command_seconds,
            "server_settings": _server_settings(command_seconds),
        },
    )
    PoolGuard().watch(engine.sync_engine)
    return engine


def _server_settings(command_seconds: float) -> dict[str, str]:
    """Bound what the server does for a connection of ours.

    Commands that may take minutes may wait for locks as long, and may be as far apart.
    """
    command = int(command_seconds * MILLISECONDS)
    is_short = command_seconds < LONG_COMMAND_SECONDS
    idle = IDLE_SECONDS * MILLISECONDS
    return {
        "statement_timeout": str(command),
        "lock_timeout": str(LOCK_MILLISECONDS if is_short else command),
        "idle_in_transaction_session_timeout": str(max(idle, command)),
        "client_connection_check_interval": str(LOOK_MILLISECONDS),
    }
