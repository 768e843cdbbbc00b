"""How much memory ``make run`` holds when nobody uses it."""

import sys
from pathlib import Path
from signal import SIGINT
from typing import Final

from benchmarks.resident import loaded, settled_bytes

from tests.e2e.instance import READY, Instance, becomes_true, processes

MEGABYTE: Final = 1024 * 1024
# Seen by the libraries that belong to them.
COLUMNS: Final = ("_polars_runtime_32", "polars", "pyarrow", "numpy")
DATABASE: Final = ("sqlalchemy", "asyncpg")
MOST: Final = 500 * MEGABYTE


def test_everything_at_rest_fits_into_half_a_gigabyte(folder: Path) -> None:
    """PostgreSQL and Valkey included; on the second start, which imports no sample."""
    Instance(folder).await_banner().end(SIGINT)
    instance = Instance(folder).await_banner()
    assert instance.get(READY)
    # It starts last.
    assert becomes_true(lambda: processes(folder, "prilavok\0scheduler"))
    held = settled_bytes(instance.process.pid)
    table = "".join(f"{size // MEGABYTE:6} MB {name}\n" for name, size in held.items())
    sys.stdout.write(table)

    assert sum(held.values()) < MOST, table
    for command in ("up", "scheduler"):
        for pid in processes(folder, f"prilavok\0{command}"):
            assert not {*COLUMNS, *DATABASE} & set(loaded(pid)), command
    for command in ("serve", "worker"):
        for pid in processes(folder, f"prilavok\0{command}"):
            assert not set(COLUMNS[:-1]) & set(loaded(pid)), command
    assert instance.end(SIGINT)[0] == 0
