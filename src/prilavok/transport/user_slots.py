"""How much of one kind a user may have under way at once in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import final
from uuid import UUID

from prilavok.domain.errors import TooManyRequests


@final
class UserSlots:
    """Counts what is under way, by user."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._taken: Counter[UUID | None] = Counter()

    @property
    def number(self) -> int:
        """Count all of them."""
        return self._taken.total()

    @contextmanager
    def one_more(
        self,
        user_id: UUID | None,
        limit: int,
        refusal: TooManyRequests,
    ) -> Iterator[None]:
        """Count one more while the block runs; beyond the limit raise the refusal."""
        if self._taken[user_id] >= limit:
            raise refusal
        self._taken[user_id] += 1
        try:
            yield
        finally:
            self._taken[user_id] -= 1
            # Forget users who have nothing under way.
            self._taken += Counter()
