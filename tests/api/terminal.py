"""The commands, typed by a person at a terminal."""

import json
import sys
from typing import Any, final

import pytest

from prilavok.cli.main import main


@final
class Prilavok:
    """A person at a terminal."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Type and read through these."""
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str) -> str:
        """Type a command; what it prints comes back, a failure is ``SystemExit``."""
        self._monkeypatch.setattr(sys, "argv", ["prilavok", *words])
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise
        return self._capsys.readouterr().out

    def read(self, *words: str) -> Any:
        """Type a command for programs, and read what it answers."""
        return json.loads(self(*words, "--json"))


def make_zoe(prilavok: Prilavok) -> str:
    """Make an administrator by command; return the password that was shown."""
    return str(prilavok.read("admin", "create", "zoe")["password"])
