"""The real GNU Mailman Core (GPLv3) in a virtual environment of its own.

It is installed once, from ``requirements-mailman.txt``, beside what the tests run in.
"""

import sys
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from subprocess import PIPE, STDOUT, TimeoutExpired, run
from typing import Final

LOCK: Final = Path(__file__).parents[2] / "requirements-mailman.txt"
INSTALL_SECONDS: Final = 300
FIRST_WITHOUT: Final = (3, 13)
SHOWN: Final = 600


class MailmanMissing(Exception):
    """Mailman cannot be installed here; the text says why."""


def mailman_programs() -> Path:
    """Return the folder of Mailman's programs; the first call installs them."""
    if sys.version_info[:2] >= FIRST_WITHOUT:
        raise MailmanMissing("Mailman 3.3 runs on Python 3.11 and 3.12 only.")
    folder = Path(sys.prefix, f"mailman-{sha256(LOCK.read_bytes()).hexdigest()[:12]}")
    stamp = folder / "installed"
    if not stamp.exists():
        _install(folder)
        stamp.touch()
    return folder / "bin"


def _install(folder: Path) -> None:
    # What an interrupted call left is begun again.
    rmtree(folder, ignore_errors=True)
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--no-input", "--quiet")
    _run(sys.executable, "-m", "venv", str(folder))
    _run(*pip, "install", "--no-deps", "--require-hashes", "-r", str(LOCK))


def _run(*command: str) -> None:
    try:
        done = run(
            command,
            stdout=PIPE,
            stderr=STDOUT,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except TimeoutExpired as error:
        raise MailmanMissing(f"{command[-1]} took too long.") from error
    if done.returncode:
        raise MailmanMissing(done.stdout.decode(errors="replace")[-SHOWN:])
