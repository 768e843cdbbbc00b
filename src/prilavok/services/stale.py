"""Edits that insist on a version, refused with who made the one that stands."""

from typing import Protocol
from uuid import UUID

from prilavok.domain.errors import Stale
from prilavok.domain.versions import Expected
from prilavok.repositories.last_changes import LastChangeRepository


class Versioned(Protocol):
    """Anything that has versions."""

    @property
    def id(self) -> UUID:
        """Name it."""

    @property
    def version(self) -> int:
        """Tell which one stands."""


async def check_version(
    last_changes: LastChangeRepository,
    expected: Expected,
    table: str,
    found: Versioned,
) -> None:
    """Raise ``Stale`` unless the version that stands is an expected one."""
    try:
        expected.check(found.version)
    except Stale as stale:
        stale.last_change = await last_changes.find(table, found.id)
        raise
