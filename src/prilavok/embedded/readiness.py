"""Waiting for the web service."""

from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from socket import socket
from time import monotonic
from types import MappingProxyType
from typing import Final

from prilavok.embedded.child import Child
from prilavok.embedded.server import HOST, ServerError
from prilavok.settings import Settings
from prilavok.stopping import Stopping

PATH: Final = "/health/ready"
PATIENCE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.05
ANSWER_SECONDS: Final = 5
# Who listens everywhere listens here too.
REACHED_AT: Final = MappingProxyType({"0.0.0.0": "127.0.0.1", "::": "::1"})


def await_ready(settings: Settings, web: Child, stopping: Stopping) -> None:
    """Return when the service is ready to serve, or as soon as we are to stop.

    Raises ``ServerError`` when it ends first, or when it takes too long.
    """
    host = REACHED_AT.get(settings.http_host, settings.http_host)
    deadline = monotonic() + PATIENCE_SECONDS
    while not stopping.wait(POLL_SECONDS):
        if not web.is_running:
            raise ServerError(
                "The web service ended at once; its last words are above."
            )
        if _is_ready(host, settings.http_port):
            return
        if monotonic() > deadline:
            raise ServerError(f"The web service does not become ready: see {PATH}.")


def await_listening(port: int, stopping: Stopping) -> None:
    """Return when somebody listens at the port, or as soon as we are to stop.

    Raises ``ServerError`` when it takes too long.
    """
    deadline = monotonic() + PATIENCE_SECONDS
    while not stopping.wait(POLL_SECONDS):
        with socket() as connection:
            if connection.connect_ex((HOST, port)) == 0:
                return
        if monotonic() > deadline:
            raise ServerError(f"Nobody listens at port {port}.")


def _is_ready(host: str, port: int) -> bool:
    # Not through a proxy that the environment may name, as urllib would go.
    with closing(HTTPConnection(host, port, timeout=ANSWER_SECONDS)) as connection:
        try:
            return _status(connection) == HTTPStatus.OK
        except (OSError, HTTPException):
            # It does not listen yet.
            return False


def _status(connection: HTTPConnection) -> int:
    connection.request("GET", PATH)
    return connection.getresponse().status
