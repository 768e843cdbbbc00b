"""A server whose every path is a source that misbehaves in its own way.

It speaks HTTP by hand, since no library would lie so.
"""

import asyncio
import struct
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from socket import SO_LINGER, SOL_SOCKET
from typing import Final, final

from tests.hostile_answers import Behaviour, Ending, answer

HOST: Final = "127.0.0.1"
# Closing then sends RST instead of FIN.
AT_ONCE: Final = struct.pack("ii", 1, 0)


@final
class HostileServer:
    """Serves behaviours by path; unknown paths are counted and answered with 200.

    ``hits`` counts requests by path, ``connected`` the connections that are open.
    """

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        """Name the behaviours; nothing listens yet."""
        self.behaviours = dict(behaviours)
        self.hits = Counter[str]()
        self.headers: list[bytes] = []
        self.connected = 0
        self.port = 0

    def url(self, name: str, host: str = HOST) -> str:
        """Return the address of a behaviour."""
        return f"http://{host}:{self.port}/{name}"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["HostileServer"]:
        """Listen at a free port for as long as the block runs."""
        server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        await self.becomes_idle()

    async def becomes_idle(self, seconds: float = 5) -> bool:
        """Wait until nobody is connected; tell whether that came true in time."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.connected:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True

    async def _serve(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.connected += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()
        self.connected -= 1

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        self.headers.append(request)
        name = request.split()[1].decode().removeprefix("/")
        self.hits[name] += 1
        behaviour = self.behaviours.get(name)
        if behaviour is None:
            behaviour = Behaviour(expected="ok", sent=answer(b"[]"))
        # Whoever leaves is heard of, also while nothing is sent.
        talking = asyncio.ensure_future(_talk(behaviour, writer))
        leaving = asyncio.ensure_future(reader.read(1))
        await asyncio.wait((talking, leaving), return_when=asyncio.FIRST_COMPLETED)
        for task in (talking, leaving):
            task.cancel()
        await asyncio.gather(talking, leaving, return_exceptions=True)


async def _talk(behaviour: Behaviour, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(behaviour.pause)
    writer.write(behaviour.sent)
    await writer.drain()
    times = behaviour.times if behaviour.again else 0
    for _ in range(times):
        writer.write(behaviour.again)
        await writer.drain()
        await asyncio.sleep(behaviour.every)
    if behaviour.ending is Ending.HANG:
        await asyncio.Event().wait()
    if behaviour.ending is Ending.RESET:
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        writer.transport.abort()
