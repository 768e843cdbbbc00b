"""The contacts of the demo provider, in a file."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

# WAL: what has been answered outlives kill -9, and no write waits for the disk.
OPENING: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS contacts (
    key TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
"""
CREATE: Final = """
INSERT INTO contacts (key, email) VALUES (?, ?) ON CONFLICT DO NOTHING
"""
FIND: Final = "SELECT email, created_at FROM contacts WHERE key = ?"
COUNT: Final = "SELECT count(*) FROM contacts"
NEWEST: Final = """
SELECT email, created_at FROM contacts ORDER BY created_at DESC, rowid DESC LIMIT ?
"""


@final
@dataclass(frozen=True, slots=True)
class Contact:
    """An email as it came; ``created_at`` is ISO 8601 in UTC."""

    email: str
    created_at: str


@final
class ContactBook:
    """Holds each email once, without regard to case."""

    def __init__(self, path: Path) -> None:
        """Open the file; make it when it is not there."""
        # Each statement is a transaction.
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(OPENING)

    def create(self, email: str) -> bool:
        """Add the email; False when it was there."""
        added = self._connection.execute(CREATE, (email.lower(), email))
        return added.rowcount == 1

    def find(self, email: str) -> Contact | None:
        """Look one up."""
        found = self._connection.execute(FIND, (email.lower(),)).fetchone()
        return Contact(*found) if found else None

    def count(self) -> int:
        """Count all."""
        counted: int = self._connection.execute(COUNT).fetchone()[0]
        return counted

    def newest(self, limit: int) -> Sequence[Contact]:
        """List the latest, newest first."""
        return [Contact(*found) for found in self._connection.execute(NEWEST, (limit,))]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
