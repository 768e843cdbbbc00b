"""The demo sources of this machine, where nobody named others."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Final, final

from prilavok.embedded.http_port import reserve_port
from prilavok.embedded.passwords import write_private
from prilavok.embedded.readiness import await_listening
from prilavok.embedded.running_env import is_given
from prilavok.embedded.server import HOST, ServerError
from prilavok.stopping import Stopping

# Which server has which lists, and the ports where they are looked for first.
SERVERS: Final = MappingProxyType({8181: ("first", "third"), 8182: ("second",)})
ORDER: Final = ("first", "second", "third")
PRIVATE: Final = MappingProxyType({"SOURCES_ALLOW_PRIVATE": "true"})


@final
class DemoSources:
    """Two servers, at the same ports at every start if at all possible."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Remember the ports in this folder; the stack keeps them from others."""
        self._memory = folder / "json_sources.ports"
        self._stack = stack
        self._ports: tuple[int, ...] = ()
        self._before: tuple[int, ...] = ()

    @property
    def servers(self) -> Sequence[str]:
        """Where the servers are, with their ports."""
        return tuple(f"http://{HOST}:{port}" for port in self._ports)

    def settings(self) -> Mapping[str, str]:
        """Choose the ports; return the settings by which the service finds them."""
        if is_given("SOURCES"):
            return PRIVATE
        self._before = self._remembered()
        self._ports = tuple(map(self._reserve, self._before or SERVERS))
        write_private(self._memory, " ".join(map(str, self._ports)))
        urls = _urls(self._ports)
        pairs = ",".join(f"{name}={urls[name]}" for name in ORDER)
        return {"SOURCES": pairs, **PRIVATE}

    def words(self) -> Iterator[str]:
        """Say to the process of demo servers what is to be served."""
        for port, names in zip(self._ports, SERVERS.values(), strict=False):
            yield from ("--lists", str(port), *names)

    def await_ready(self, stopping: Stopping) -> None:
        """Return when all listen, or as soon as we are to stop."""
        for port in self._ports:
            await_listening(port, stopping)

    def moves(self) -> Mapping[str, str]:
        """Tell old addresses and new ones, where another program has taken a port."""
        if self._before in {(), self._ports}:
            return {}
        before, now = _urls(self._before), _urls(self._ports)
        return {before[name]: now[name] for name in ORDER}

    def _reserve(self, wanted: int) -> int:
        try:
            reservation = reserve_port(HOST, wanted, is_fixed=True)
        except ServerError:
            # Taken: look beyond those of the other servers.
            beyond = max(self._before or SERVERS) + 1
            reservation = reserve_port(HOST, beyond, is_fixed=False)
        self._stack.enter_context(reservation.mark)
        return reservation.port

    def _remembered(self) -> tuple[int, ...]:
        try:
            ports = tuple(map(int, self._memory.read_text().split()))
        except (OSError, ValueError):
            # The first start, or somebody's edit.
            return ()
        return ports if len(ports) == len(SERVERS) else ()


def _urls(ports: Sequence[int]) -> dict[str, str]:
    return {
        name: f"http://{HOST}:{port}/{name}"
        for port, names in zip(ports, SERVERS.values(), strict=True)
        for name in names
    }
