"""The service as processes of their own, to be told to stop and to be killed."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL
from socket import create_connection, create_server
from subprocess import Popen
from time import monotonic, sleep
from typing import Final, TypeAlias

from prilavok.settings import Settings
from tests.api.people import ADMIN_LOGIN, PASSWORD

Process: TypeAlias = Popen[bytes]

HOST: Final = "127.0.0.1"
SOURCES: Final = Path(__file__).parents[2] / "src"
START_SECONDS: Final = 30
POLL_SECONDS: Final = 0.02


def free_port() -> int:
    """Find a port that nobody listens on."""
    with create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(
    settings: Settings,
    port: int,
    folder: Path,
    workers: int = 1,
) -> Iterator[Process]:
    """Run ``prilavok serve``; killed afterwards where it still runs."""
    process = Popen(
        (sys.executable, "-m", "prilavok", "serve"),
        cwd=folder,
        env=_environment(settings, port, workers),
        start_new_session=True,
    )
    try:
        await_port(port)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, SIGKILL)
        process.wait()


@contextmanager
def running(settings: Settings, folder: Path, *words: str) -> Iterator[Process]:
    """Run ``prilavok`` with these words, as ``worker``; killed afterwards."""
    process = Popen(
        (sys.executable, "-m", "prilavok", *words),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCES),
            "DATABASE_URL": str(settings.database_url),
            "REDIS_URL": str(settings.redis_url),
            "WORKER_REDIS_URL": str(settings.worker_redis_url),
            "DATA_DIR": str(settings.data_dir.absolute()),
            "SECRET_KEY": settings.secret_key[0],
            "LOG_LEVEL": "warning",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


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


def workers_of(process: Process) -> list[int]:
    """Name the processes that the supervisor started."""
    task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in task.read_text().split()]


def _environment(settings: Settings, port: int, workers: int) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES),
        "DATABASE_URL": str(settings.database_url),
        "REDIS_URL": str(settings.redis_url),
        "DATA_DIR": str(settings.data_dir.absolute()),
        "SECRET_KEY": settings.secret_key[0],
        "ADMIN_LOGIN": ADMIN_LOGIN,
        "ADMIN_PASSWORD": PASSWORD,
        "HTTP_PORT": str(port),
        "WORKERS": str(workers),
        "LOG_LEVEL": "warning",
    }
