"""Edits that insist on the version their author has seen."""

from dataclasses import dataclass
from typing import Final, Self, final

from prilavok.domain.errors import Stale


@final
@dataclass(frozen=True, slots=True)
class Expected:
    """Versions that may be overwritten; None means any: the last writer wins."""

    tags: frozenset[str] | None = None

    def check(self, version: int) -> None:
        """Raise ``Stale`` unless this version is among the expected ones."""
        if self.tags is not None and str(version) not in self.tags:
            raise Stale(version)

    @classmethod
    def of(cls, version: int | None) -> Self:
        """Expect this one version, if any."""
        return cls(None if version is None else frozenset((str(version),)))


ANY_VERSION: Final = Expected()
