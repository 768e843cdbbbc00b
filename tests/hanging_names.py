"""Name servers that hang."""

import threading
from socket import AF_INET
from typing import Final, final

from prilavok.clients.json_sources.addresses import Endpoint

FOUND: Final = Endpoint(AF_INET, "127.0.0.1")
PATIENCE_SECONDS: Final = 10


@final
class HangingNames:
    """A guard whose names hang until its gate is open, all but ``good``."""

    def __init__(self) -> None:
        """Start with the gate shut."""
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.are_daemons = True

    def lookup(self, host: str, port: int) -> list[Endpoint]:
        """Resolve as the system does: blocking."""
        self.asked.append(host)
        self.are_daemons &= threading.current_thread().daemon
        if host != "good":
            self.gate.wait(PATIENCE_SECONDS)
        return [FOUND]

    def check(self, address: str) -> None:
        """Let pass."""
