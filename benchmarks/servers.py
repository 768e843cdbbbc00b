"""One worker of every stack, all pinned to the same core and asked in turn."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from signal import SIGTERM
from socket import create_connection, create_server
from subprocess import Popen
from time import monotonic, sleep
from types import MappingProxyType
from typing import Final, final

import orjson
from benchmarks.names import ADMIN_LOGIN, ADMIN_PASSWORD, TOKEN
from benchmarks.stores import Stores

HOST: Final = "127.0.0.1"
OURS: Final = "prilavok"
# utime and stime, counted from the state on.
CPU_FIELDS: Final = slice(11, 13)
START_SECONDS: Final = 30
POLL_SECONDS: Final = 0.05
ROOT: Final = Path(__file__).parents[1]
COMMANDS: Final = MappingProxyType(
    {
        OURS: ("prilavok", "serve"),
        "fastapi": ("benchmarks.peers.fastapi_app",),
        "litestar": ("benchmarks.peers.litestar_app",),
        "raw asyncpg": ("benchmarks.peers.raw_app",),
    },
)


@final
@dataclass(frozen=True, slots=True)
class Served:
    """A stack that listens; ``cookie`` is what the administrator shows it."""

    port: int
    cookie: str
    pid: int

    @property
    def cpu_seconds(self) -> float:
        """Tell how long the worker, and what supervises it, have computed."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return sum(map(_cpu_seconds, (str(self.pid), *children.split())))


@contextmanager
def open_servers(
    stores: Stores,
    folder: Path,
    core: int,
    names: Iterable[str] = COMMANDS,
) -> Iterator[dict[str, Served]]:
    """Start these on the core; ours keeps its log, as in real life."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(open_server(name, stores, folder, core))
            for name in names
        }


@contextmanager
def open_server(
    name: str,
    stores: Stores,
    folder: Path,
    core: int,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """Start one of them on the core, with more settings if need be."""
    port = free_port()
    command = ("taskset", "-c", str(core), sys.executable, "-m", *COMMANDS[name])
    with (folder / f"{name}.log").open("wb") as log, ExitStack() as stack:
        process = Popen(
            command,
            cwd=folder,
            env={**_environment(stores, port), **(settings or {})},
            stdout=log,
            stderr=log,
        )
        stack.callback(stop, process)
        await_port(port)
        yield Served(port, _cookie(name, port), process.pid)


def _cpu_seconds(pid: str) -> float:
    """Add user and system time, fields 14 and 15 of proc_pid_stat(5)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[CPU_FIELDS])) / os.sysconf("SC_CLK_TCK")


def _environment(stores: Stores, port: int) -> Mapping[str, str]:
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((path, os.environ.get("PYTHONPATH", ""))),
        "DATABASE_URL": stores.postgres.app,
        "REDIS_URL": stores.redis,
        "SECRET_KEY": "a key that only benchmarks are signed with",
        "ADMIN_LOGIN": ADMIN_LOGIN,
        "ADMIN_PASSWORD": ADMIN_PASSWORD,
        "HTTP_PORT": str(port),
        # Counted as in real life, but so that nobody reaches them.
        "PLAYS_PER_MINUTE": "100000000",
        "PLAYS_PER_MINUTE_PER_MAIL": "100000000",
    }


def _cookie(name: str, port: int) -> str:
    if name != OURS:
        return f"session={TOKEN}"
    connection = HTTPConnection(HOST, port)
    credentials = orjson.dumps({"login": ADMIN_LOGIN, "password": ADMIN_PASSWORD})
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/v1/auth/login", credentials, headers)
    response = connection.getresponse()
    if response.status != HTTPStatus.OK:
        raise RuntimeError(f"{name} does not let us in: {response.read()!r}")
    return response.headers["Set-Cookie"].partition(";")[0]


def free_port() -> int:
    """Find a port that nobody listens at."""
    with create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def await_port(port: int) -> None:
    """Return when somebody listens there."""
    deadline = monotonic() + START_SECONDS
    while True:
        try:
            create_connection((HOST, port)).close()
        except ConnectionRefusedError:
            if monotonic() > deadline:
                raise
            sleep(POLL_SECONDS)
        else:
            return


def stop(process: Popen[bytes]) -> None:
    """End it."""
    process.send_signal(SIGTERM)
    process.wait()
