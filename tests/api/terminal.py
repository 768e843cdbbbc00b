"""The commands, typed by a person at a terminal."""

import json
import sys
from asyncio import to_thread
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
        ended = self._run(*words)
        if ended:
            sys.exit(ended)
        return self._capsys.readouterr().out

    async def attempt(self, *words: str) -> tuple[object, str, str]:
        """Type a command beside a loop that runs.

        Returns how it ended and what it printed, errors last.
        """
        ended = await to_thread(self._run, *words)
        printed = self._capsys.readouterr()
        return ended, printed.out, printed.err

    def read(self, *words: str) -> Any:
        """Type a command for programs, and read what it answers."""
        return json.loads(self(*words, "--json"))

    def _run(self, *words: str) -> Any:
        self._monkeypatch.setattr(sys, "argv", ["prilavok", *words])
        try:
            main()
        except SystemExit as ended:
            return ended.code or 0
        return 0


def make_zoe(prilavok: Prilavok) -> str:
    """Make an administrator by command; return the password that was shown."""
    return str(prilavok.read("admin", "create", "zoe")["password"])
