"""A process that runs embedded servers, so that tests can run or kill it as anybody.

``python -m tests.integration.supervisor FOLDER`` prints their addresses as one line of
JSON, and stops them when its standard input ends. Standard library only.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from prilavok.embedded.postgres import EmbeddedPostgres
from prilavok.embedded.valkey import EmbeddedValkey


def main(folder: Path) -> None:
    """Start both, wait, stop both."""
    postgres = EmbeddedPostgres(folder / "postgres", durable=False)
    valkey = EmbeddedValkey(folder / "valkey")
    addresses = {
        "postgres": asdict(postgres.start()),
        "valkey": asdict(valkey.start()),
    }
    sys.stdout.write(json.dumps(addresses))
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdin.read()
    valkey.stop()
    postgres.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
