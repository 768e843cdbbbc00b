"""Connections to Redis that heal as quickly as the server does."""

from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from typing_extensions import override


class HonestConnection(AbstractConnection):
    """Says that it is lost where uvloop raises ``RuntimeError``, which nobody expects.

    So it does when the server hung up between two commands.
    """

    @override
    async def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
        """Send, or raise the library's own error, after which it connects anew."""
        try:
            await super().send_packed_command(*args, **kwargs)
        except RuntimeError as error:
            await self.disconnect(nowait=True)
            raise RedisConnectionError("The connection is closed.") from error


class HealingPool(BlockingConnectionPool):
    """A bounded pool where one failure makes older connections suspect.

    Those that worked last before the failure are opened anew when they are taken.
    Otherwise each of them could cost a request its time-out after a black hole.
    """

    def __init__(self, **options: Any) -> None:
        """Take what every blocking pool takes."""
        super().__init__(**options)
        # Of whatever kind the address asks for: TCP, TLS, a socket.
        kind: Any = self.connection_class
        self.connection_class = type(kind.__name__, (HonestConnection, kind), {})
        self._failed_at = float("-inf")
        self._worked_at = WeakKeyDictionary[AbstractConnection, float]()

    @override
    async def ensure_connection(self, connection: AbstractConnection) -> None:
        """Make the connection ready for a command, by a new socket if need be."""
        if self._worked_at.get(connection, self._failed_at) <= self._failed_at:
            await connection.disconnect(nowait=True)
        await super().ensure_connection(connection)

    @override
    async def release(self, connection: AbstractConnection) -> None:
        """Take the connection back and note how it is."""
        if connection.is_connected:
            self._worked_at[connection] = monotonic()
        else:
            self._failed_at = monotonic()
        await super().release(connection)
