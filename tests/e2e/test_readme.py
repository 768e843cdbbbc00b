"""The tour of the README runs as it stands."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from signal import SIGINT
from subprocess import run
from typing import Final

import pytest

from tests.e2e.instance import ROOT, Instance
from tests.e2e.visitor import PASSWORD

README: Final = (ROOT / "README.md").read_text()
BLOCK: Final = re.compile("```sh\n(.*?)```", re.DOTALL)
TOUR: Final = "".join(BLOCK.findall(README))
# A command that asks by HTTP, up to the end of its last line.
CALL: Final = re.compile(
    r"^(?:[A-Z]+=\$\()?(?:api|curl) (?:'[^']*'|[^'\n])*$",
    re.MULTILINE,
)
EXPECTED: Final = re.compile(r" # (\d{3})\b[^\n]*$")
MOST_CHARACTERS: Final = 100
# What it prints stays what it would be, and the status of the answer goes to a file.
SHIM: Final = (
    r"""exec '{curl}' "$@" -w '\n%{{stderr}}status %{{http_code}}\n' 2>>'{to}'"""
)


@pytest.fixture
def instance(folder: Path) -> Iterator[Instance]:
    """Start everything."""
    started = Instance(folder, ADMIN_PASSWORD=PASSWORD).await_banner()
    yield started
    assert started.end(SIGINT)[0] == 0


def test_the_tour_runs_as_it_stands_and_more_than_once(
    instance: Instance,
    folder: Path,
    tmp_path: Path,
) -> None:
    """Each command succeeds, or answers with the status that stands beside it."""
    statuses = tmp_path / "statuses"
    shim = tmp_path / "bin" / "curl"
    shim.parent.mkdir()
    command = SHIM.format(curl=which("curl"), to=statuses)
    shim.write_text(f"#!/bin/sh\n{command}\n")
    shim.chmod(0o700)
    (folder / ".venv").symlink_to(sys.prefix)
    environment = {
        "PATH": f"{shim.parent}:{os.defpath}",
        "PYTHONPATH": str(ROOT / "src"),
        "URL": f"http://127.0.0.1:{instance.port}/api/v1",
        "PASSWORD": PASSWORD,
    }
    for _ in range(2):
        statuses.write_text("")
        done = run(
            ("bash", "-euo", "pipefail", "-c", TOUR),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        answered = re.findall(r"^status (\d+)$", statuses.read_text(), re.MULTILINE)
        commands = [command.rstrip() for command in CALL.findall(TOUR)]
        for command, status in zip(commands, answered, strict=True):
            expected = EXPECTED.search(command)
            wanted = expected[1] if expected else "2.."
            assert re.fullmatch(wanted, status), command

    assert not list(folder.glob("*.log"))


def test_lines_are_short_enough_to_be_read_anywhere() -> None:
    """On a terminal, beside another window."""
    lines = README.splitlines()

    assert [line for line in lines if len(line) > MOST_CHARACTERS] == []
