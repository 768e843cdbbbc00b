"""urllib3 with connections that a lifeline makes and can cut."""

import socket
from types import MappingProxyType
from typing import Any, Final, final

from typing_extensions import override
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Timeout

from prilavok.clients.json_sources.lifeline import LIFELINE


def _connect(connection: HTTPConnection) -> socket.socket:
    seconds = Timeout.resolve_default_timeout(connection.timeout)
    if seconds is None:
        raise ValueError("A time-out is needed.")
    return LIFELINE.get().connect(connection.host, connection.port, seconds)


def _hold(connection: HTTPConnection) -> None:
    """Let the lifeline know of a connection that this call did not make."""
    if connection.sock is not None:
        LIFELINE.get().hold(connection.sock, is_kept=True)


@final
class GuardedConnection(HTTPConnection):
    """A plain connection."""

    @override
    def request(self, *args: Any, **options: Any) -> None:
        """Send a request that can be cut off."""
        _hold(self)
        super().request(*args, **options)

    @override
    def _new_conn(self) -> socket.socket:
        return _connect(self)


@final
class GuardedTlsConnection(HTTPSConnection):
    """A connection over TLS."""

    @override
    def request(self, *args: Any, **options: Any) -> None:
        """Send a request that can be cut off."""
        _hold(self)
        super().request(*args, **options)

    @override
    def _new_conn(self) -> socket.socket:
        return _connect(self)


@final
class GuardedPool(HTTPConnectionPool):
    """Plain connections to one server."""

    ConnectionCls = GuardedConnection


@final
class GuardedTlsPool(HTTPSConnectionPool):
    """Connections over TLS to one server."""

    ConnectionCls = GuardedTlsConnection


POOLS: Final = MappingProxyType({"http": GuardedPool, "https": GuardedTlsPool})


def guarded_pools(limit: int) -> PoolManager:
    """Keep connections to as many servers."""
    pools = PoolManager(num_pools=limit, maxsize=limit, retries=False)
    pools.pool_classes_by_scheme = dict(POOLS)
    return pools
