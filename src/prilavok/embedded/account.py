"""Which account of this machine the servers run as.

PostgreSQL refuses root, so root starts servers as ``nobody``, or as the ordinary user
who made the folder. Where the folders above keep that account out (a clone in
``/root``), the server keeps one capability, to pass them. Modes of folders that are
not ours stay as they are.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from pwd import getpwnam
from signal import Signals
from subprocess import PIPE, STDOUT, run
from typing import Final

from prilavok.embedded.lifeline import lifeline
from prilavok.embedded.server import ServerError

PRIVATE: Final = 0o700
# The first line keeps the capability for access(2) too, which PostgreSQL relies on.
PASS_FOLDERS: Final = (
    "--securebits=+no_setuid_fixup",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
)


def prepare_folder(folder: Path) -> None:
    """Make the folder, open to the servers' account only."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    folder.chmod(PRIVATE)
    if os.geteuid() == 0 and folder.stat().st_uid == 0:
        nobody = getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def launcher(folder: Path, program: Path, death_signal: Signals) -> Sequence[str]:
    """Return the words before a server's command, for a folder made as above.

    Raises ``ServerError`` when no account can use both the folder and the program.
    """
    tied = (*lifeline(death_signal), "--no-new-privs")
    if os.geteuid():
        return tied
    plain = (*tied, *_account(folder))
    details = ""
    needs = ("test", "-w", str(folder), "-a", "-x", str(program))
    for words in (plain, (*plain, *PASS_FOLDERS)):
        probe = run(
            (*words, *needs),
            stdout=PIPE,
            stderr=STDOUT,
            check=False,
            # Ctrl-C is for us, and we wait.
            start_new_session=True,
        )
        if not probe.returncode:
            return words
        details = probe.stdout.decode()
    raise ServerError(
        f"The owner of {folder} cannot use it and {program}, and root may not help "
        f"here. Start as an ordinary user. {details}",
    )


def _account(folder: Path) -> Sequence[str]:
    owner = folder.stat()
    return f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"
