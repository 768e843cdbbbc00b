"""One connection through the fault proxy, and what may befall it."""

import asyncio
from enum import Enum, auto, unique
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from typing import Any, Final, Protocol, final

from typing_extensions import override

# Close by RST instead of FIN.
HARD_CLOSE: Final = pack("ii", 1, 0)


@unique
class Fault(Enum):
    """What is wrong with the line."""

    NONE = auto()
    # Nobody listens, and open connections end.
    REFUSE = auto()
    # Everything is taken and nothing ever comes back, nor does an end. Connections
    # stay so when the line is whole again, as behind a firewall that forgot them.
    BLACKHOLE = auto()
    # Connections end by RST, new ones at once.
    RESET = auto()


class Proxy(Protocol):
    """What all connections of a proxy share; ``latency`` in seconds."""

    target: tuple[str, int]
    latency: float
    fault: Fault
    lines: "set[Line]"


@final
class Line(asyncio.Protocol):
    """One connection through the proxy, seen from the client's end."""

    def __init__(self, proxy: Proxy) -> None:
        """Belong to the proxy."""
        self._proxy = proxy
        self._client: Any = None
        self._server: Any = None
        self._is_lost = False
        self._early: list[bytes] = []

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Suffer what all suffer, or connect to the server."""
        self._client = transport
        self._client.pause_reading()
        self._proxy.lines.add(self)
        self.suffer(self._proxy.fault)
        if self._proxy.fault is Fault.NONE:
            self._connecting = asyncio.create_task(self._connect())

    @override
    def data_received(self, piece: bytes) -> None:
        """Pass a request on, or keep it until there is somewhere to go.

        Python 3.11.2 begins to read although reading was paused.
        """
        if self._server is None:
            self._early.append(piece)
        elif not self._is_lost:
            self._server.write(piece)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """End with the client."""
        self._proxy.lines.discard(self)
        if self._server is not None:
            self._server.abort()

    def connected(self, server: Any) -> None:
        """Read requests, now that they have somewhere to go."""
        self._server = server
        if self._client.is_closing():
            self._server.abort()
        else:
            server.writelines(self._early)
            self._client.resume_reading()

    def answer(self, piece: bytes) -> None:
        """Pass an answer back, late if so told."""
        if not self._is_lost:
            loop = asyncio.get_running_loop()
            loop.call_later(self._proxy.latency, self._client.write, piece)

    def end(self) -> None:
        """End with the server, after its last answer; a lost end is not told."""
        if not self._is_lost:
            loop = asyncio.get_running_loop()
            loop.call_later(self._proxy.latency, self._client.close)

    def suffer(self, fault: Fault) -> None:
        """Let a fault befall this connection; whatever is lost stays lost."""
        if fault is Fault.BLACKHOLE:
            self._is_lost = True
            self._client.resume_reading()
        if fault is Fault.RESET:
            socket = self._client.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, SO_LINGER, HARD_CLOSE)
        if fault in {Fault.RESET, Fault.REFUSE}:
            self._client.abort()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: Answers(self), *self._proxy.target)
        except OSError:
            # The server is down: to the client the same.
            self._client.abort()


@final
class Answers(asyncio.Protocol):
    """The server's end of a connection."""

    def __init__(self, line: Line) -> None:
        """Belong to the connection."""
        self._line = line

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let requests come."""
        self._line.connected(transport)

    @override
    def data_received(self, piece: bytes) -> None:
        """Give an answer to the client."""
        self._line.answer(piece)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """Tell the client that there will be no more."""
        self._line.end()
