"""A server that is a program of its own: started, awaited, stopped."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from socket import create_server
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from time import monotonic, sleep
from types import MappingProxyType
from typing import Final, TypeAlias, final

Process: TypeAlias = Popen[bytes]

HOST: Final = "127.0.0.1"
# Crash recovery replays up to max_wal_size (1 GB) first.
START_SECONDS: Final = 120
STOP_SECONDS: Final = 30
POLL_SECONDS: Final = 0.01
PORT_ATTEMPTS: Final = 5
SHOWN_LINES: Final = 12
# Both servers say so in the same words.
READY: Final = b"eady to accept connections"
PORT_TAKEN: Final = b"Address already in use"
# Nothing of ours may leak into a server: neither secrets nor PGDATA and the like.
ENVIRONMENT: Final = MappingProxyType(
    {"PATH": os.defpath, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"},
)


class ServerError(Exception):
    """A server cannot be started, or ended by itself; the text says why."""


def end(process: Process, *signals: Signals) -> None:
    """End it by the first signal that works within its time, at last by force."""
    for signal in signals:
        process.send_signal(signal)
        try:
            process.wait(STOP_SECONDS)
        except TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()


@final
@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves at a port of ``HOST``."""

    process: Process
    port: int

    @property
    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self.process.poll() is None

    def stop(self, *signals: Signals) -> None:
        """Stop it by the first signal that works within its time, at last by force."""
        end(self.process, *signals)


def start_on_free_port(
    command: Callable[[int], Sequence[str]],
    folder: Path,
    log: Path,
) -> Server:
    """Start the command made for a port; return when it accepts connections.

    Another program may take a free port before the server does: then the next one.
    Raises ``ServerError`` with the last lines of the log.
    """
    for _ in range(PORT_ATTEMPTS):
        port = _free_port()
        server = Server(_spawn(command(port), folder, log), port)
        if _is_ready(server, log):
            return server
        if PORT_TAKEN not in log.read_bytes():
            break
    raise ServerError(_explain(log))


def _spawn(command: Sequence[str], folder: Path, log: Path) -> Process:
    """Give it a session of its own: Ctrl-C must end the service before its servers."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        return Popen(
            command,
            cwd=folder,
            env=dict(ENVIRONMENT),
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            start_new_session=True,
        )


def _is_ready(server: Server, log: Path) -> bool:
    deadline = monotonic() + START_SECONDS
    while READY not in log.read_bytes():
        if not server.is_running:
            return False
        if monotonic() > deadline:
            server.stop()
            return False
        sleep(POLL_SECONDS)
    return True


def _free_port() -> int:
    with create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _explain(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-SHOWN_LINES:]
    return "\n".join((f"A server did not start. The end of {log}:", *lines))
