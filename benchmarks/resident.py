"""How much memory processes hold, each page shared by its users (PSS)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import Final

PROC: Final = Path("/proc")
PARENT: Final = 1
KILOBYTES: Final = 1024
MOST_LOOKS: Final = 15
LOOK_SECONDS: Final = 2
SETTLED_BYTES: Final = 1024 * KILOBYTES


def resident_bytes(root: int) -> Mapping[str, int]:
    """Return the PSS of a process and all below it, by what they are."""
    found: defaultdict[str, int] = defaultdict(int)
    for pid in tree(root):
        found[kind(pid)] += pss(pid)
    return found


def settled_bytes(root: int) -> Mapping[str, int]:
    """Return the same when it has stopped to grow, or after half a minute."""
    held = resident_bytes(root)
    for _ in range(MOST_LOOKS):
        before = sum(held.values())
        sleep(LOOK_SECONDS)
        held = resident_bytes(root)
        if abs(sum(held.values()) - before) < SETTLED_BYTES:
            break
    return held


def tree(root: int) -> Iterator[int]:
    """Yield a process and all below it."""
    children = defaultdict[int, list[int]](list)
    for process in PROC.glob("[0-9]*"):
        children[_parent(process)].append(int(process.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting.extend(children[pid])


def kind(pid: int) -> str:
    """Name what a process is: a command of ours, or a server."""
    words = (PROC / str(pid) / "cmdline").read_text().split("\0")
    command = " ".join(words)
    if "demo_process" in command:
        return "demo servers"
    if "valkey" in command:
        return "Valkey"
    if "postgres" in command:
        return "PostgreSQL"
    if "serve" in words:
        return "web" if _is_worker(pid) else "web's master"
    return next(name for name in ("up", "worker", "scheduler") if name in words)


def loaded(pid: int) -> Iterator[str]:
    """Yield the packages whose libraries a process has loaded."""
    for line in (PROC / str(pid) / "maps").read_text().splitlines():
        package = line.partition("/site-packages/")[2].partition("/")[0]
        if package:
            yield package


def pss(pid: int) -> int:
    """Return the PSS of one process."""
    rollup = (PROC / str(pid) / "smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * KILOBYTES


def _is_worker(pid: int) -> bool:
    parent = _parent(PROC / str(pid))
    return "serve" in (PROC / str(parent) / "cmdline").read_text().split("\0")


def _parent(process: Path) -> int:
    try:
        fields = (process / "stat").read_text().rpartition(")")[-1].split()
    except OSError:
        # It ended meanwhile.
        return 0
    return int(fields[PARENT])
