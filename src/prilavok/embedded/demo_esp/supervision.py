"""The demo provider of this machine, where nobody named another."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, final

from prilavok.embedded.demo_esp.places import TOKEN
from prilavok.embedded.http_port import reserve_port
from prilavok.embedded.passwords import kept_secret, write_private
from prilavok.embedded.readiness import await_listening
from prilavok.embedded.running_env import given
from prilavok.embedded.server import HOST
from prilavok.stopping import Stopping

# Where it is looked for first.
PORT: Final = 8190
PROVIDER: Final = "demo"
OWNER_ONLY: Final = 0o700


@final
class LocalEsp:
    """One server, whose contacts stay in ``DATA_DIR/demo_esp``."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Remember where its files are; the stack keeps its port from others."""
        self._folder = folder / "demo_esp"
        self._stack = stack
        self._port: int | None = None

    @property
    def url(self) -> str | None:
        """Where it is; None when another provider, or another demo one, is used."""
        return None if self._port is None else f"http://{HOST}:{self._port}"

    def settings(self) -> Mapping[str, str]:
        """Choose the port; return the settings by which the service finds it."""
        if given("ESP_PROVIDER") not in {None, PROVIDER} or given("ESP_URL"):
            return {}
        reservation = reserve_port(HOST, PORT, is_fixed=False)
        self._stack.enter_context(reservation.mark)
        self._port = reservation.port
        return {
            "ESP_PROVIDER": PROVIDER,
            "ESP_URL": f"http://{HOST}:{self._port}",
            "ESP_TOKEN": self._token(),
        }

    def words(self) -> Iterator[str]:
        """Say to the process of demo servers what is to be served."""
        if self._port is not None:
            yield from ("--esp", str(self._port), str(self._folder.absolute()))

    def await_ready(self, stopping: Stopping) -> None:
        """Return when it listens, or as soon as we are to stop."""
        if self._port is not None:
            await_listening(self._port, stopping)

    def _token(self) -> str:
        """Agree on the token: the one that people gave, or a random one."""
        self._folder.mkdir(mode=OWNER_ONLY, exist_ok=True)
        path = self._folder / TOKEN
        wanted = given("ESP_TOKEN")
        if wanted:
            write_private(path, wanted)
        return wanted or kept_secret(path)
