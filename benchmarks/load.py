"""A load generator that costs little: raw keep-alive connections, one request each.

``python -m benchmarks.load PORT COOKIE SECONDS CONNECTIONS [PATH|play]`` prints JSON.
Each connection plays with a mail of its own.
"""

import asyncio
import sys
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final, final

import orjson
import uvloop
from typing_extensions import override

HOST: Final = "127.0.0.1"
PATH: Final = "/api/v1/users?per_page=50"
REQUEST: Final = """GET {path} HTTP/1.1\r
Host: 127.0.0.1\r
Accept: application/json\r
Cookie: {cookie}\r
\r
"""
PLAY: Final = """POST /api/v1/plays HTTP/1.1\r
Host: 127.0.0.1\r
Accept: application/json\r
Content-Type: application/json\r
Content-Length: {length}\r
\r
{body}"""
PERCENTILE: Final = 99
REQUIRED: Final = slice(1, 5)
OK: Final = (b"HTTP/1.1 200 ", b"HTTP/1.1 201 ")
HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


@final
class Client(asyncio.Protocol):
    """Sends the same request again as soon as its answer is complete."""

    def __init__(self, request: bytes, until: float) -> None:
        """Go on until that moment of the performance counter."""
        self.seconds: list[float] = []
        self.failed = 0
        self.over = asyncio.get_running_loop().create_future()
        self._request = request
        self._until = until
        self._transport: Any = None
        self._received = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = transport
        self._send()

    @override
    def data_received(self, piece: bytes) -> None:
        """Count an answer when all of it is there."""
        self._received += piece
        head, end, body = self._received.partition(HEAD_END)
        if not end or len(body) < _length(head):
            return
        self.seconds.append(perf_counter() - self._started)
        self.failed += not head.startswith(OK)
        self._received = b""
        if perf_counter() < self._until:
            self._send()
        else:
            self._transport.close()

    @override
    def connection_lost(self, error: Exception | None) -> None:
        """Stop; a lost connection before the time is a failure."""
        self.failed += perf_counter() < self._until
        self.over.set_result(None)

    def _send(self) -> None:
        self._started = perf_counter()
        self._transport.write(self._request)


def _same(client: Client) -> Client:
    return client


def _length(head: bytes) -> int:
    """Read how long the body is; servers spell the header in two ways."""
    found = head.lower().partition(LENGTH)[2]
    return int(found.partition(b"\r\n")[0])


def requests(what: str, cookie: str, connections: int) -> list[bytes]:
    """Write the request that each connection repeats."""
    if what != "play":
        reading = REQUEST.format(cookie=cookie, path=what).encode()
        return [reading for _ in range(connections)]
    bodies = [
        f'{{"email": "player{number}@shop.com"}}' for number in range(connections)
    ]
    return [PLAY.format(length=len(body), body=body).encode() for body in bodies]


async def load(port: int, seconds: float, sent: list[bytes]) -> Any:
    """Ask on one connection a request at once for so many seconds."""
    loop = asyncio.get_running_loop()
    until = perf_counter() + seconds
    clients = [Client(request, until) for request in sent]
    for client in clients:
        await loop.create_connection(partial(_same, client), HOST, port)
    await asyncio.gather(*(one.over for one in clients))
    times = [moment for one in clients for moment in one.seconds]
    return {
        "per_second": len(times) / seconds,
        "p50": median(times),
        "p99": quantiles(times, n=PERCENTILE + 1)[-1],
        "failed": sum(one.failed for one in clients),
    }


def main() -> None:
    """Run once."""
    port, cookie, seconds, connections = sys.argv[REQUIRED]
    what = next(iter(sys.argv[REQUIRED.stop :]), PATH)
    sent = requests(what, cookie, int(connections))
    measured = load(int(port), float(seconds), sent)
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(measured)))


if __name__ == "__main__":
    main()
