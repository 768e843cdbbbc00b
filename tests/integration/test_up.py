"""Promises of ``prilavok up``, seen from inside; tests/e2e sees them from outside."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from socket import create_server
from stat import S_IMODE
from typing import Final

import pytest
from redis import Redis
from typing_extensions import override

from prilavok.cli.up import up
from prilavok.embedded.account import launcher, prepare_folder
from prilavok.embedded.child import Child
from prilavok.embedded.cluster import ClusterMaker
from prilavok.embedded.local_servers import LocalServers
from prilavok.embedded.readiness import await_ready
from prilavok.embedded.server import HOST, ServerError
from prilavok.settings import RUNNING_ENV, load_settings
from prilavok.stopping import SIGNALS, Stopping

ROOT: Final = Path(__file__).parents[2]
GIVEN: Final = ("DATABASE_URL", "REDIS_URL")


class Reader(StringIO):
    """Somebody who reads the banner to its end and presses Ctrl-C."""

    @override
    def write(self, text: str) -> int:
        """Read some of it."""
        if "Ctrl-C" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return super().write(text)


def _mode(place: Path) -> str:
    return format(S_IMODE(place.stat().st_mode), "04o")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in an empty folder; give back the signals afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield tmp_path / "var"
    for number, handler in before.items():
        signal.signal(number, handler)


def test_everything_runs_until_ctrl_c(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The banner says all that one needs to sign in; then nothing is left running."""
    reader = Reader()
    monkeypatch.setattr(sys, "stdout", reader)
    up()

    assert "sign in as  admin" in reader.getvalue()
    assert "(shown only this once)" in reader.getvalue()
    assert str(data_dir) in reader.getvalue()
    assert "demo ESP    http://127.0.0.1:" in reader.getvalue()
    assert "sources     http://127.0.0.1:" in reader.getvalue()
    left = list(data_dir.iterdir())
    assert {_mode(place) for place in left if place.is_dir()} == {"0700"}
    assert {_mode(place) for place in left if place.is_file()} == {"0600"}
    assert data_dir / RUNNING_ENV not in left


def test_a_taken_port_ends_it(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, after everything that it had started."""
    with create_server((HOST, 0)) as listener:
        monkeypatch.setenv("HTTP_PORT", str(listener.getsockname()[1]))
        with pytest.raises(SystemExit, match="is taken by another program"):
            up()

    assert not (data_dir / RUNNING_ENV).exists()


def test_servers_that_people_name_are_not_started(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor are there files for them."""
    for name in GIVEN:
        monkeypatch.setenv(name, "somewhere://else")
    with ExitStack() as stack:
        servers = LocalServers(data_dir, stack)

        assert not servers.start()
        servers.check()
    assert not data_dir.exists()


def test_a_server_that_dies_is_named(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the folder of its log."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with ExitStack() as stack:
        servers = LocalServers(data_dir, stack)
        address = servers.start()["REDIS_URL"].rpartition("@")[-1]
        password = (data_dir / "valkey" / "monitor.password").read_text()
        with Redis.from_url(f"redis://monitor:{password}@{address}") as client:
            servers.check()
            os.kill(client.info()["process_id"], signal.SIGKILL)
        with pytest.raises(ServerError, match=f"Valkey ended .* {data_dir}"):
            for _ in range(100_000):
                servers.check()


def test_waiting_for_a_web_service_that_does_not_come(data_dir: Path) -> None:
    """It ends with the service, or when we are told to stop."""
    data_dir.mkdir()
    with create_server((HOST, 0)) as listener:
        settings = replace(load_settings(), http_port=listener.getsockname()[1])
    with (data_dir / "lock").open("w") as lock:
        web = Child(["sleep", "0.1"], lock.fileno())
    with closing(Stopping()) as stopping:
        with pytest.raises(ServerError, match="ended at once"):
            await_ready(settings, web, stopping)
        stopping.set()
        await_ready(settings, web, stopping)


def test_programs_that_fail_are_quoted(data_dir: Path) -> None:
    """What makes the first files, and what changes the account."""
    maker = ClusterMaker(("sh", "-c", "echo no such luck; exit 1"), data_dir)
    with pytest.raises(ServerError, match="initdb failed: no such luck"):
        maker.make(data_dir / "data", ())


@pytest.mark.skipif(bool(os.geteuid()), reason="others do not change their account")
def test_root_is_told_when_no_account_can_serve(data_dir: Path) -> None:
    """Here because there is no such program."""
    prepare_folder(data_dir)
    with pytest.raises(ServerError, match="Start as an ordinary user"):
        launcher(data_dir, data_dir / "nothing", signal.SIGINT)
