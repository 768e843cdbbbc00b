"""What geventhttpclient does not do itself: bound answers and tries."""

from typing import Any, Final, final

from prilavok.clients.json_sources.body import MAX_BYTES

HEAD_MAX_BYTES: Final = 65536
BODY_MAX_BYTES: Final = 2 * MAX_BYTES
END_OF_HEAD: Final = b"\r\n\r\n"
INTERIM: Final = slice(len("HTTP/1.1 "), len("HTTP/1.1 1"))


class AnswerRefused(OSError):
    """The server sends what no answer of use has."""


@final
class MeteredSocket:
    """A gevent socket for one answer after another.

    Raises ``AnswerRefused`` for answers whose head or body are too long, and for
    interim ones: after those the library would lend the connection to somebody else.
    On a new connection failures are plain ``OSError``: as others the library would
    repeat them as often as its pool is large.
    """

    def __init__(self, plain: Any) -> None:
        """Guard this socket."""
        self._plain = plain
        self._answers = 0
        self._left = 0
        self._head = bytearray()

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the socket does."""
        return getattr(self._plain, name)

    def begin(self) -> None:
        """Expect one more answer."""
        self._answers += 1
        self._left = HEAD_MAX_BYTES
        self._head.clear()

    def sendall(self, sent: bytes) -> None:
        """Send all of it."""
        try:
            self._plain.sendall(sent)
        except ConnectionError as error:
            raise self._final(error) from error

    def recv(self, size: int) -> bytes:
        """Read what there is."""
        try:
            received: bytes = self._plain.recv(size)
        except ConnectionError as error:
            raise self._final(error) from error
        if not received and not self._head and self._answers == 1:
            raise AnswerRefused("It closed the connection without an answer.")
        self._meter(received)
        return received

    def _meter(self, received: bytes) -> None:
        self._left -= len(received)
        if END_OF_HEAD not in self._head:
            self._head += received
            if END_OF_HEAD in self._head:
                self._left += BODY_MAX_BYTES
        if self._left < 0:
            raise AnswerRefused("Its answer does not end.")
        if self._head[INTERIM] == b"1":
            raise AnswerRefused("It sent an interim answer.")

    def _final(self, error: ConnectionError) -> OSError:
        if self._answers > 1:
            # The server had closed what we kept: once more is fine.
            return error
        return AnswerRefused(error.strerror)
