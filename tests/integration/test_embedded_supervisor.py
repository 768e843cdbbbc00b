"""Promises about who starts embedded servers, and how he ends."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from pwd import getpwnam, struct_passwd
from shutil import rmtree
from socket import create_connection
from subprocess import PIPE, Popen, run
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from prilavok.embedded.server import HOST

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 20
SUPERVISOR: Final = ("-m", "tests.integration.supervisor")
ORDINARY_USER: Final = "daemon"
INTERPRETERS: Final = (sys.executable, "/usr/bin/python3")
ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "HOME": "/nonexistent",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": os.pathsep.join(("src", *filter(None, sys.path))),
}


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Make a folder that every account can reach."""
    folder = Path(mkdtemp(prefix="a shop "))
    yield folder
    rmtree(folder)


def start(folder: Path, *command: str, **account: Any) -> Popen[str]:
    """Start a supervisor."""
    return Popen(
        [*command, *SUPERVISOR, str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=PIPE,
        stdout=PIPE,
        text=True,
        **account,
    )


def addresses(supervisor: Popen[str]) -> dict[str, dict[str, str]]:
    """Wait until both servers are there."""
    assert supervisor.stdout is not None
    found: dict[str, dict[str, str]] = json.loads(supervisor.stdout.readline())
    return found


def ends(url: str) -> bool:
    """Tell whether the server refuses connections within the time."""
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        try:
            with closing(create_connection((HOST, urlsplit(url).port or 0))):
                sleep(0.01)
        except ConnectionRefusedError:
            return True
    return False


def test_servers_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    """It could not tell them; the kernel does. Then the same files serve again."""
    for _ in range(2):
        with start(tmp_path, sys.executable) as supervisor:
            found = addresses(supervisor)
            supervisor.kill()

        assert ends(found["postgres"]["app"])
        assert ends(found["valkey"]["service"])


def test_two_folders_side_by_side(tmp_path: Path) -> None:
    """Each has its own ports and passwords."""
    folders = tmp_path / "one", tmp_path / "two"
    supervisors = [start(folder, sys.executable) for folder in folders]
    one, two = map(addresses, supervisors)
    for supervisor in supervisors:
        supervisor.communicate()

    assert one["postgres"]["app"] != two["postgres"]["app"]
    assert one["valkey"]["service"] != two["valkey"]["service"]
    assert [supervisor.returncode for supervisor in supervisors] == [0, 0]


@pytest.mark.skipif(bool(os.geteuid()), reason="every other test ran as such a user")
def test_an_ordinary_user_starts_them_too(public_folder: Path) -> None:
    """Root proves it for him: no home, no rights, a path with a space."""
    user = getpwnam(ORDINARY_USER)
    os.chown(public_folder, user.pw_uid, user.pw_gid)
    with start(public_folder, _interpreter(user), **_account(user)) as supervisor:
        found = addresses(supervisor)
        supervisor.communicate()

    assert supervisor.returncode == 0
    assert found.keys() == {"postgres", "valkey"}


def _interpreter(user: struct_passwd) -> str:
    """Return a Python that the user can run on our code, or skip."""
    for python in INTERPRETERS:
        with suppress(OSError):
            tried = run(
                [python, "-c", "import tests.integration.supervisor"],
                cwd=ROOT,
                env=ENVIRONMENT,
                capture_output=True,
                check=False,
                **_account(user),
            )
            if not tried.returncode:
                return python
    pytest.skip(f"{ORDINARY_USER} can run no Python 3.11 or newer on this clone")


def _account(user: struct_passwd) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
