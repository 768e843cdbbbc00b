"""Web service, worker and scheduler of the game, as processes to be killed."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import choice
from signal import SIGKILL
from subprocess import Popen
from typing import Final, final

from prilavok.settings import Settings
from tests.faults.instances import HOST, SOURCES, await_port, free_port, workers_of

ESP_NAMES: Final = ("provider", "url", "user", "token", "list", "timeout_seconds")


@final
@dataclass(slots=True)
class GameProcesses:
    """Several web processes behind one port; workers are started again when killed."""

    folder: Path
    environment: Mapping[str, str]
    port: int = 0
    _web: list[Popen[bytes]] = field(default_factory=list)
    _background: list[Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Tell where the service is."""
        return f"http://{HOST}:{self.port}"

    def start(self, workers: int) -> None:
        """Start all; return when somebody listens."""
        self._web.append(self._spawn("serve"))
        self._background.append(self._spawn("scheduler"))
        for _ in range(workers):
            self.start_worker()
        await_port(self.port)

    def start_worker(self) -> None:
        """Start one more background worker."""
        self._background.append(self._spawn("worker"))

    def kill_web(self) -> None:
        """Kill one of the web processes; its supervisor starts another."""
        os.kill(choice(workers_of(self._web[0])), SIGKILL)

    def kill_worker(self) -> None:
        """Kill the newest background worker and start another, as `up` does."""
        self._kill(self._background.pop())
        self.start_worker()

    def kill_all(self) -> None:
        """Leave nothing behind."""
        for process in self._web + self._background:
            self._kill(process)

    def _spawn(self, command: str) -> Popen[bytes]:
        return Popen(
            (sys.executable, "-m", "prilavok", command),
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
        )

    def _kill(self, process: Popen[bytes]) -> None:
        if process.poll() is None:
            os.killpg(process.pid, SIGKILL)
        process.wait()


@contextmanager
def playing(
    settings: Settings,
    folder: Path,
    web: int,
    workers: int,
) -> Iterator[GameProcesses]:
    """Run so many web processes and workers; all are killed afterwards."""
    port = free_port()
    processes = GameProcesses(folder, _environment(settings, port, web), port)
    with ExitStack() as stack:
        stack.callback(processes.kill_all)
        processes.start(workers)
        yield processes


def _environment(settings: Settings, port: int, web: int) -> Mapping[str, str]:
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "WORKER_REDIS_URL": settings.worker_redis_url,
        "SECRET_KEY": settings.secret_key[0],
        "HTTP_PORT": port,
        "WORKERS": web,
        "LOG_LEVEL": "error",
        "ADMIN_LOGIN": settings.admin_login,
        "ADMIN_PASSWORD": settings.admin_password,
        "ESP_CALLS_PER_MINUTE": settings.esp_calls_per_minute,
        "PLAYS_PER_MINUTE": settings.plays_per_minute,
        "PLAYS_PER_MINUTE_PER_MAIL": settings.plays_per_minute_per_mail,
    }
    of_esp = {
        f"ESP_{name.upper()}": getattr(settings, f"esp_{name}") for name in ESP_NAMES
    }
    return {
        name: str(told) for name, told in (given | of_esp).items() if told is not None
    }
