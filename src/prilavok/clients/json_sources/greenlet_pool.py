"""geventhttpclient with connections to checked addresses and bounded answers."""

import socket
from collections.abc import Callable
from typing import Any, TypeAlias, final

from geventhttpclient.client import HTTPClient
from geventhttpclient.connectionpool import ConnectionPool, SSLConnectionPool
from typing_extensions import override
from yarl import URL

from prilavok.clients.json_sources.addresses import Endpoint
from prilavok.clients.json_sources.metered_socket import MeteredSocket

Find: TypeAlias = Callable[[str, int], list[Endpoint]]


class GuardedSockets(ConnectionPool):
    """Connections to one server."""

    find: Find

    @override
    def get_socket(self) -> Any:
        """Take a connection that was kept, or make one."""
        metered: Any = super().get_socket()
        metered.begin()
        return metered

    @override
    def _resolve(self) -> list[Any]:
        host, port = self._connection_host, self._connection_port
        return [
            (endpoint.family, socket.SOCK_STREAM, 0, "", (endpoint.address, port))
            for endpoint in self.find(host, port)
        ]

    @override
    def _create_socket(self) -> Any:
        return MeteredSocket(super()._create_socket())


@final
class GuardedTlsSockets(GuardedSockets, SSLConnectionPool):
    """Connections over TLS to one server."""


@final
class GuardedClient(HTTPClient):
    """A client of one server."""

    def __init__(self, url: URL, find: Find, limit: int) -> None:
        """Keep up to ``limit`` connections, to addresses that ``find`` returns.

        Sources of one server share them, each with its own time-out, which is the
        caller's business: he ends the greenlet.
        """
        super().__init__(url.raw_host or "", url.port, ssl=url.scheme == "https")
        pool = GuardedTlsSockets if self.ssl else GuardedSockets
        self._connection_pool = pool(
            self.host,
            self.port,
            self.host,
            self.port,
            size=limit,
            connection_timeout=None,
            network_timeout=None,
        )
        self._connection_pool.find = find
