"""The first start of PostgreSQL: its files, roles and database.

All of it is done without opening a port, in a draft folder that takes its name only
when complete: a first start cut short leaves nothing that a second one would trust.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from subprocess import PIPE, STDOUT, run
from typing import Final, final

from prilavok.embedded.server import ENVIRONMENT, ServerError

# Over the network everybody needs a password; there is no other way in.
HBA: Final = "host all all 127.0.0.1/32 scram-sha-256\n"
# Bytewise order and full Unicode case rules, from PostgreSQL itself, so that no
# locale of the machine matters.
INITDB: Final = (
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)
SINGLE_USER: Final = ("--single", "-F", "-c", "exit_on_error=on")


@final
@dataclass(frozen=True, slots=True)
class Login:
    """A role and its password."""

    role: str
    password: str


def database_statements(database: str, owner: Login, app: Login) -> Iterator[str]:
    """Make both roles and their database, where only these two get in.

    The owner migrates and is no superuser. The other may do what migrations grant.
    """
    for login in (owner, app):
        yield f"CREATE ROLE {login.role} LOGIN PASSWORD '{login.password}'"
    # Only a superuser could give a database to a role that is none of its own.
    yield f"GRANT {owner.role} TO CURRENT_USER"
    yield f"CREATE DATABASE {database} OWNER {owner.role}"
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {app.role}"


@final
@dataclass(frozen=True, slots=True)
class ClusterMaker:
    """Makes a cluster with the programs in ``binaries``, started by ``launcher``."""

    launcher: Sequence[str]
    binaries: Path

    def make(self, cluster: Path, statements: Sequence[str]) -> None:
        """Make the cluster and run the statements as its superuser."""
        draft = cluster.with_name(f"{cluster.name}.new")
        if draft.exists():
            rmtree(draft)
        self._run("initdb", "-D", str(draft), *INITDB)
        (draft / "pg_hba.conf").write_text(HBA)
        script = "\n".join((*statements, ""))
        self._run("postgres", *SINGLE_USER, "-D", str(draft), "postgres", text=script)
        self._run("initdb", "-D", str(draft), "--sync-only")
        draft.rename(cluster)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        made = run(
            (*self.launcher, str(self.binaries / program), *arguments),
            cwd="/",
            env=dict(ENVIRONMENT),
            input=text.encode(),
            stdout=PIPE,
            stderr=STDOUT,
            check=False,
            # Ctrl-C is for us, and we wait.
            start_new_session=True,
        )
        if made.returncode:
            details = made.stdout.decode()
            raise ServerError(f"{program} failed: {details}")
