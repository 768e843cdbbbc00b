"""A TCP proxy that misbehaves on command, to stand before a real server."""

import asyncio
from types import TracebackType
from typing import Final, final

from typing_extensions import Self

from tests.fault_line import Fault, Line

HOST: Final = "127.0.0.1"


@final
class FaultProxy:
    """Passes everything on to ``target`` until told otherwise.

    ``latency``: seconds by which every answer is late.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        """Name the server; nothing listens before the block is entered."""
        self.target = target
        self.port = 0
        self.latency: float = 0
        self.fault = Fault.NONE
        self.lines: set[Line] = set()
        self._listener: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen at a free port, which stays the same."""
        await self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening and end every connection."""
        await self.inject(Fault.REFUSE)

    async def inject(self, fault: Fault) -> None:
        """Break the line in one way, or mend it."""
        self.fault = fault
        for line in tuple(self.lines):
            line.suffer(fault)
        if fault is Fault.REFUSE and self._listener is not None:
            self._listener.close()
            self._listener = None
        elif fault is not Fault.REFUSE and self._listener is None:
            await self._listen()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Line(self), HOST, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]
