"""What ``prilavok up`` does, in the order in which it does it."""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

import orjson
import typer

from prilavok.embedded.child import Child
from prilavok.embedded.demo_servers import DemoServers
from prilavok.embedded.errand import run_errand
from prilavok.embedded.http_port import reserve_port
from prilavok.embedded.local_servers import LocalServers
from prilavok.embedded.passwords import kept_secret
from prilavok.embedded.readiness import await_ready
from prilavok.embedded.running_env import is_given, published
from prilavok.settings import Settings, load_settings
from prilavok.stopping import Stopping

PROGRAM: Final = (sys.executable, "-m", "prilavok")
WEB: Final = (*PROGRAM, "serve")
PREPARE: Final = (*PROGRAM, "prepare", "--moves")
BACKGROUND: Final = ((*PROGRAM, "worker"), (*PROGRAM, "scheduler"))
POLL_SECONDS: Final = 0.2
BANNER: Final = """
Prilavok is ready at {url}
  sign in as  {login}
  password    {password}
  data        {data}
  demo ESP    {esp}
  sources     {sources}
  stop        Ctrl-C
"""

Step: TypeAlias = Callable[[], None]


@final
@dataclass(slots=True, kw_only=True)
class LocalService:
    """Everything of one DATA_DIR; the stack stops it in reverse order.

    Children inherit ``lock``.
    """

    stopping: Stopping
    stack: ExitStack
    lock: int
    settings: Settings
    servers: LocalServers
    demos: DemoServers
    children: list[Child] = field(default_factory=list)
    password: str = ""

    def run(self) -> None:
        """Go from step to step until stopped; raises ``ServerError``."""
        steps: tuple[Step, ...] = (
            self._start_servers,
            self._prepare,
            self._start_children,
            self._watch,
        )
        for step in steps:
            if not self.stopping.is_set():
                step()

    def _start_servers(self) -> None:
        folder = self.settings.data_dir
        made = {
            **self.servers.start(),
            **self.demos.settings(),
            "SECRET_KEY": kept_secret(folder / "secret_key"),
            "HTTP_PORT": self._reserve_port(),
        }
        self.stack.enter_context(published(folder, made))
        self.settings = load_settings()

    def _prepare(self) -> None:
        moves = orjson.dumps(dict(self.demos.moves())).decode()
        self.password = run_errand((*PREPARE, moves), self.lock, self.stopping)

    def _reserve_port(self) -> str:
        wanted = self.settings.http_port
        reservation = reserve_port(
            self.settings.http_host,
            wanted,
            is_fixed=is_given("HTTP_PORT"),
        )
        self.stack.enter_context(reservation.mark)
        if wanted not in {0, reservation.port}:
            typer.echo(f"Port {wanted} is taken: using {reservation.port}.", err=True)
        return str(reservation.port)

    def _start_children(self) -> None:
        self.stack.callback(self._stop_children)
        self._start(WEB, *self.demos.commands())
        self.demos.await_ready(self.stopping)
        await_ready(self.settings, self.children[0], self.stopping)
        if not self.stopping.is_set():
            # Not before: while they load, the page that people wait for would.
            self._start(*BACKGROUND)
            self._announce()

    def _start(self, *commands: Sequence[str]) -> None:
        for command in commands:
            self.children.append(Child(command, self.lock))

    def _stop_children(self) -> None:
        """Tell all of them first: each may need a while for what it is doing."""
        for told in self.children:
            told.tell()
        for child in self.children:
            child.stop()

    def _announce(self) -> None:
        typer.echo(
            BANNER.format(
                url=self.settings.public_url,
                login=self.settings.admin_login,
                password=self.password,
                data=self.settings.data_dir.absolute(),
                esp=self.demos.esp_page or "not used",
                sources=" ".join(self.demos.source_servers) or "not used",
            ),
        )

    def _watch(self) -> None:
        while not self.stopping.wait(POLL_SECONDS):
            self.servers.check()
            for child in self.children:
                child.revive()
