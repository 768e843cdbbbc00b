"""Random secrets, made once and kept in files that only their owner reads."""

import os
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

RANDOM_BYTES: Final = 32
OWNER_ONLY: Final = 0o600


def kept_secret(path: Path) -> str:
    """Return the secret in the file; the first call makes it: 43 URL-safe characters.

    Whatever interrupts the first call, the file holds a whole secret or is not there.
    """
    if not path.exists():
        write_private(path, token_urlsafe(RANDOM_BYTES))
    return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Replace the file by one of mode 600 with this text, wholly or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with open(descriptor, "w") as output:
        output.write(text)
        output.flush()
        os.fsync(descriptor)
    draft.replace(path)
