"""A ``prilavok up`` in a folder of its own, seen from outside."""

import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from subprocess import PIPE, Popen
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).parents[2]
UP: Final = (sys.executable, "-m", "prilavok", "up")
PATIENCE_SECONDS: Final = 60
READY: Final = "/health/ready"
LAST_LINE: Final = "stop"
# What reaches a whole group: `kill`, Ctrl-C twice, and a terminal that is closed.
STOPS: Final = (
    (signal.SIGTERM,),
    (signal.SIGINT, signal.SIGINT),
    (signal.SIGHUP, signal.SIGTERM),
)
RECIPE: Final = re.compile(r"^run:.*\n\t(@exec) \$\(BIN\)/prilavok up\n", re.MULTILINE)


class Instance:
    """Starts at once; everything it runs has its working folder below ``folder``."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str] = UP,
        **settings: str,
    ) -> None:
        """Start it with no settings but these."""
        self.folder = folder
        self.started = monotonic()
        self.process = Popen(
            command,
            cwd=folder,
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT / "src"), **settings},
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        self.banner: dict[str, str] = {}

    @property
    def port(self) -> int:
        """Return the port of the address in the banner."""
        return urlsplit(self.banner["ready"]).port or 0

    def await_banner(self) -> "Instance":
        """Read what it prints until it says how to stop it."""
        assert self.process.stdout is not None
        while LAST_LINE not in self.banner:
            line = self.process.stdout.readline().decode()
            assert line, self.process.communicate()[1].decode()
            self._read(line)
        return self

    def get(self, path: str) -> int:
        """Return the status of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def end(self, *signals: signal.Signals) -> tuple[int, str]:
        """Signal the whole group, as a terminal does; return exit code and stderr."""
        for number in signals:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
        errors = self.process.communicate(timeout=PATIENCE_SECONDS)[1]
        return self.process.returncode, errors.decode()

    def _read(self, line: str) -> None:
        if "ready at" in line:
            self.banner["ready"] = line.rpartition(" ")[-1].strip()
        name, _, text = line.strip().partition(" ")
        self.banner[name] = text.strip()


def make_run(folder: Path) -> Instance:
    """Run everything by the recipe of our Makefile, in this folder."""
    found = RECIPE.search((ROOT / "Makefile").read_text())
    assert found is not None, "The recipe of `run` is another one now."
    command = " ".join(f"'{word}'" for word in UP)
    (folder / "Makefile").write_text(f"run:\n\t{found[1]} {command}\n")
    return Instance(folder, ("make", "run"))


def processes(folder: Path, program: str = "") -> list[int]:
    """List those that work below the folder and whose command has this in it."""
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if _works_in(process, folder) and program in _command(process)
    ]


def kill(folder: Path, program: str = "") -> None:
    """Kill them without a warning, all at once; some end with those before them."""
    for pid in processes(folder, program):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def becomes_true(condition: Callable[[], object]) -> bool:
    """Wait for it, within bounds."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.02)
    return True


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(process / "cwd")).is_relative_to(folder)
    except OSError:
        # It ended meanwhile.
        return False


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""
