"""How long commands take to start, and what everything holds at rest.

    python -m benchmarks.start

Beside our command stands Django's `manage.py --help`, in the same run and by turns.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from statistics import median
from subprocess import DEVNULL, PIPE, Popen, check_call
from tempfile import TemporaryDirectory
from time import perf_counter
from types import MappingProxyType
from typing import Final, NamedTuple, final

from benchmarks.resident import settled_bytes
from rich.console import Console
from rich.table import Table

ROUNDS: Final = 7
MEGABYTE: Final = 1024 * 1024
KILOBYTES: Final = 1024
OURS: Final = (sys.executable, "-m", "prilavok")
HELP: Final = "prilavok --help"
USERS: Final = "prilavok users list"
DJANGO: Final = "manage.py --help"
# Seconds, and megabytes at most.
GOALS: Final = MappingProxyType(
    {HELP: (0.3, 45), USERS: (0.7, None), DJANGO: (None, None)}
)
REST_MEGABYTES: Final = 500
LAST_LINE: Final = b"Ctrl-C"


@final
class Start(NamedTuple):
    """One start of a command, to its end."""

    seconds: float
    megabytes: float


def main() -> None:
    """Print two tables; exit code 1 when a goal is missed."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        # The first start imports the sample.
        with _everything(folder) as first:
            settled_bytes(first)
        with _everything(folder) as pid:
            held = settled_bytes(pid)
            starts = _measure(folder)
    missed = [*_show_starts(starts), *_show_rest(held)]
    sys.exit("\n".join(missed))


@contextmanager
def _everything(folder: Path) -> Iterator[int]:
    """Run `prilavok up` in the folder."""
    with Popen((*OURS, "up"), cwd=folder, stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdout is not None
        while LAST_LINE not in process.stdout.readline():
            assert process.poll() is None, "It did not start."
        yield process.pid
        process.send_signal(SIGINT)


def _measure(folder: Path) -> Mapping[str, Start]:
    check_call((sys.executable, "-m", "django", "startproject", "peer", str(folder)))
    commands: Mapping[str, Sequence[str]] = {
        HELP: (*OURS, "--help"),
        USERS: (*OURS, "users", "list"),
        DJANGO: (sys.executable, "manage.py", "--help"),
    }
    # The first round only fills the caches of files.
    rounds = [
        {name: _start(command, folder) for name, command in commands.items()}
        for _ in range(ROUNDS + 1)
    ]
    return {name: _median([one[name] for one in rounds[1:]]) for name in commands}


def _start(command: Sequence[str], folder: Path) -> Start:
    before = perf_counter()
    process = Popen(command, cwd=folder, stdout=DEVNULL)
    _, code, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(code)
    assert not process.returncode, f"It failed: {command}"
    return Start(seconds, usage.ru_maxrss * KILOBYTES / MEGABYTE)


def _median(starts: Sequence[Start]) -> Start:
    return Start(*map(median, zip(*starts, strict=True)))


def _show_starts(starts: Mapping[str, Start]) -> Iterator[str]:
    table = Table("command", "seconds", "goal", "peak MB", "goal", box=None)
    for name, start in starts.items():
        goals = GOALS[name]
        words = (f"{start.seconds:.2f}", goals[0], f"{start.megabytes:.0f}", goals[1])
        table.add_row(name, *(str(word or "") for word in words))
        for found, goal in zip(start, goals, strict=True):
            if goal is not None and found > goal:
                yield f"{name}: {found:.2f}, and the goal is {goal}"
    Console().print(table)


def _show_rest(held: Mapping[str, int]) -> Iterator[str]:
    total = sum(held.values()) / MEGABYTE
    table = Table("at rest", "PSS MB", box=None)
    for name, size in sorted(held.items()):
        table.add_row(name, f"{size / MEGABYTE:.0f}")
    table.add_row("together", f"{total:.0f}")
    Console().print(table)
    if total > REST_MEGABYTES:
        yield f"at rest: {total:.0f} MB, and the goal is {REST_MEGABYTES}"


if __name__ == "__main__":
    main()
