"""Connections whose clients have stopped reading.

An answer waits until its client takes it: for ever, if nobody looks. What counts is
what the connection has not got rid of, whatever answer it is part of, streamed or not,
and whoever waits for it, a handler or nobody any more.
"""

import asyncio
import logging
import termios
from array import array
from collections.abc import Callable, Iterable
from fcntl import ioctl
from time import monotonic
from typing import Final, final

logger = logging.getLogger(__name__)
# So often that a client who does read is seen reading many times before the deadline.
LOOKS: Final = 30


@final
class Wire:
    """The sending side of one connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Start with nothing to send."""
        self._transport = transport
        self._waiting = 0
        self._moved_at = monotonic()

    def seconds_stuck(self, now: float) -> float:
        """Tell for how long nothing has left although something waits.

        That more waits than before is no progress: events are written whether or not
        anybody reads them.
        """
        waiting = self._transport.get_write_buffer_size() + self._unacknowledged()
        if not waiting or not self._waiting or waiting < self._waiting:
            self._moved_at = now
        self._waiting = waiting
        return now - self._moved_at

    def cut(self) -> None:
        """End the connection and forget what waits; the handler is told so."""
        logger.info("not read", extra={"bytes_waiting": self._waiting})
        self._transport.abort()

    def _unacknowledged(self) -> int:
        """Count the bytes that the kernel keeps until the client's side has them.

        They are megabytes, which a slow line takes minutes for.
        """
        count = array("i", [0])
        try:
            ioctl(self._transport.get_extra_info("socket"), termios.TIOCOUTQ, count)
        except (OSError, ValueError) as error:
            # It is just being closed.
            logger.debug("no queue", exc_info=error)
        return count[0]


async def watch_writes(
    wires: Callable[[], Iterable[Wire]],
    seconds: float,
) -> None:
    """Cut what makes no progress for so long, until cancelled."""
    while True:
        await asyncio.sleep(seconds / LOOKS)
        now = monotonic()
        for wire in tuple(wires()):
            if wire.seconds_stuck(now) > seconds:
                wire.cut()
