"""Ending a blocking call from outside: its connection is cut under it."""

import os
import socket
from concurrent.futures import CancelledError
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock
from typing import Final, final

from prilavok.clients.json_sources.addresses import Endpoint
from prilavok.clients.json_sources.lookups import Lookups, OutsideFound


class CallCut(OSError):
    """Nobody waits for this call any more."""


@final
class Lifeline:
    """Of one blocking call: knows its socket, and lets another thread cut it.

    Time-outs of sockets are for each read: a server that sends a byte now and then
    would hold a thread for ever.
    """

    def __init__(self, lookups: Lookups) -> None:
        """Connect only where names lead that are looked up so."""
        self._lookups = lookups
        self._lock = Lock()
        self._looking: OutsideFound | None = None
        self._held: socket.socket | None = None
        self._is_cut = False
        self.is_kept = False

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """Connect to the first address that answers, all of them checked before."""
        failure = OSError(f"{host} has no address.")
        for family, address in self._find(host, port):
            connection = socket.socket(family)
            connection.settimeout(seconds)
            try:
                self.hold(connection)
                connection.connect((address, port))
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure

    def hold(self, connection: socket.socket, *, is_kept: bool = False) -> None:
        """Take note of the socket in use; raises ``CallCut`` when it is too late.

        ``is_kept``: it was not made for this call, so its server may have closed it.

        A duplicate is held: TLS makes a new object of the socket under our hands.
        """
        with self._lock:
            if self._is_cut:
                raise CallCut
            self._release()
            self.is_kept = is_kept
            self._held = socket.socket(fileno=os.dup(connection.fileno()))

    def cut(self) -> None:
        """Break the connection: whoever reads from it hears of its end at once."""
        with self._lock:
            self._is_cut = True
            if self._looking is not None:
                self._looking.cancel()
            if self._held is not None:
                # It may have ended by itself.
                with suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)
            self._release()

    def let_go(self) -> None:
        """Forget the socket, which may serve another call from now on."""
        with self._lock:
            self._release()

    def _find(self, host: str, port: int) -> list[Endpoint]:
        """Look the name up elsewhere: the system may take half a minute for it."""
        with self._lock:
            if self._is_cut:
                raise CallCut
            self._looking = self._lookups.find_outside(host, port)
        try:
            return self._looking.result()
        except CancelledError as error:
            raise CallCut from error

    def _release(self) -> None:
        if self._held is not None:
            self._held.close()
        self._held = None


# The call that this thread is at work on.
LIFELINE: Final[ContextVar[Lifeline]] = ContextVar("lifeline")
