"""What stands in, on this machine, for servers of other people."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, final

from prilavok.embedded.demo_esp.supervision import LocalEsp
from prilavok.embedded.demo_sources import DemoSources
from prilavok.embedded.server import HOST
from prilavok.stopping import Stopping

COMMAND: Final = (sys.executable, "-m", "prilavok.embedded.demo_process", HOST)


@final
class DemoServers:
    """The demo sources and the demo ESP, each unless the settings name others."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Keep their files in this folder, and their ports as long as the stack."""
        self._sources = DemoSources(folder, stack)
        self._esp = LocalEsp(folder, stack)

    @property
    def esp_page(self) -> str | None:
        """Where people see the contacts of the demo ESP; None when it is not used."""
        return self._esp.url

    @property
    def source_servers(self) -> Sequence[str]:
        """Where the demo sources are; none where they are not used."""
        return self._sources.servers

    def settings(self) -> Mapping[str, str]:
        """Choose ports; return the settings by which the service finds them."""
        return {**self._sources.settings(), **self._esp.settings()}

    def commands(self) -> Iterator[Sequence[str]]:
        """Say how to start the one process of them all, unless none is used."""
        words = (*self._sources.words(), *self._esp.words())
        if words:
            yield (*COMMAND, *words)

    def await_ready(self, stopping: Stopping) -> None:
        """Return when all listen, or as soon as we are to stop."""
        self._sources.await_ready(stopping)
        self._esp.await_ready(stopping)

    def moves(self) -> Mapping[str, str]:
        """Tell old addresses of sources and new ones."""
        return self._sources.moves()
