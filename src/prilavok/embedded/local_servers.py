"""PostgreSQL and Valkey of this machine, where nobody named others."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import final

from prilavok.embedded.postgres import EmbeddedPostgres
from prilavok.embedded.running_env import is_given
from prilavok.embedded.server import ServerError
from prilavok.embedded.valkey import EmbeddedValkey


@final
class LocalServers:
    """Starts what is needed; the stack stops it, Valkey before PostgreSQL."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Name the folder for their files; nothing happens yet."""
        self._folder = folder
        self._stack = stack
        self._running: dict[str, EmbeddedPostgres | EmbeddedValkey] = {}

    def start(self) -> Mapping[str, str]:
        """Start them; return the settings by which the service finds them."""
        settings: dict[str, str] = {}
        if not is_given("DATABASE_URL"):
            settings.update(self._start_postgres())
        if not is_given("REDIS_URL"):
            settings.update(self._start_valkey())
        return settings

    def check(self) -> None:
        """Raise ``ServerError`` when one of them has ended by itself."""
        for name, server in self._running.items():
            if not server.is_running:
                raise ServerError(
                    f"{name} ended by itself; its log is in {self._folder}.",
                )

    def _start_postgres(self) -> Mapping[str, str]:
        postgres = EmbeddedPostgres(self._folder / "postgres")
        self._stack.callback(postgres.stop)
        urls = postgres.start()
        self._running["PostgreSQL"] = postgres
        return {"DATABASE_URL": urls.app, "MIGRATION_DATABASE_URL": urls.owner}

    def _start_valkey(self) -> Mapping[str, str]:
        valkey = EmbeddedValkey(self._folder / "valkey")
        self._stack.callback(valkey.stop)
        urls = valkey.start()
        self._running["Valkey"] = valkey
        return {"REDIS_URL": urls.service, "WORKER_REDIS_URL": urls.worker}
