"""HTTP as bytes, for what no client library would send."""

import asyncio
from dataclasses import dataclass
from http.client import HTTPMessage, parse_headers
from io import BytesIO
from typing import Any, Final, final

from aiohttp.test_utils import TestServer

from tests.api.problem_checks import check_guards, read_problem

ANSWER_SECONDS: Final = 10


@final
@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came back before the server closed the connection."""

    status: int
    headers: HTTPMessage
    body: bytes

    def problem(self) -> Any:
        """Read the body as the problem document it must be, with all guards."""
        headers = dict(self.headers)
        check_guards(headers)
        return read_problem(self.status, headers, self.body)


async def send_raw(server: TestServer, request: bytes) -> RawAnswer:
    """Send bytes and read until the server closes the connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(request)
            return _parsed(await reader.read())
    finally:
        writer.close()


def one_request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Write a request after which the server closes; surrogates stand for raw bytes."""
    head = (f"{line} HTTP/1.1", "Host: localhost", "Connection: close", *headers)
    lines = "\r\n".join((*head, "", ""))
    return lines.encode("utf-8", "surrogateescape") + body


def _parsed(received: bytes) -> RawAnswer:
    line, _, rest = received.partition(b"\r\n")
    stream = BytesIO(rest)
    headers = parse_headers(stream)
    return RawAnswer(int(line.split()[1]), headers, stream.read())
