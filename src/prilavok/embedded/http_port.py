"""The port that the web service gets."""

from dataclasses import dataclass
from errno import EADDRINUSE
from socket import AF_INET, AF_INET6, AF_UNIX, create_server, socket
from typing import Final, final

from prilavok.embedded.server import ServerError

PORTS_TRIED: Final = 100


@final
@dataclass(frozen=True, slots=True)
class Reservation:
    """A free port, kept from other supervisors until ``mark`` is closed."""

    port: int
    mark: socket


def reserve_port(host: str, wanted: int, *, is_fixed: bool) -> Reservation:
    """Reserve the port, or the next free one unless it is fixed; 0 is any.

    Raises ``ServerError`` when there is none.
    """
    last = wanted if is_fixed else wanted + PORTS_TRIED
    for port in range(wanted, last + 1):
        try:
            return _reserve(host, port)
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise ServerError(f"{host} port {port}: {error.strerror}.") from error
    raise ServerError(f"HTTP_PORT: {wanted} on {host} is taken by another program.")


def _reserve(host: str, wanted: int) -> Reservation:
    family = AF_INET6 if ":" in host else AF_INET
    with create_server((host, wanted), family=family) as listener:
        port: int = listener.getsockname()[1]
        mark = socket(AF_UNIX)
        try:
            # Two supervisors that start at once both find the port free, because the
            # service binds it later. A name in Linux's abstract namespace belongs to
            # one of them and goes when its process does.
            mark.bind(f"\0prilavok-http-{port}")
        except OSError:
            mark.close()
            raise
    return Reservation(port, mark)
