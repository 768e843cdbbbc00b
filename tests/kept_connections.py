"""A server that leaves it to its clients to close connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import final

from tests.hostile_answers import answer


@final
class KeptConnections:
    """Answers every request with an empty list, and counts connections."""

    def __init__(self) -> None:
        """Nothing listens yet."""
        self.connections = 0
        self.closed = asyncio.Event()
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["KeptConnections"]:
        """Listen at a free port for as long as the block runs."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/list"
        yield self
        server.close()
        await self.closed.wait()

    async def _serve(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.connections += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer(b"[]"))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self.closed.set()
