"""A hasher that is quick, and counts what it is asked."""

from typing import Any, final

from argon2 import PasswordHasher
from typing_extensions import override


@final
class CountingHasher(PasswordHasher):
    """Makes and checks real hashes of the smallest size."""

    def __init__(self) -> None:
        """Start at none."""
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.hashes = 0

    @override
    def hash(self, *args: Any, **options: Any) -> str:
        """Make a hash."""
        self.hashes += 1
        return super().hash(*args, **options)

    @override
    def verify(self, *args: Any) -> Any:
        """Compute one to compare it."""
        self.hashes += 1
        return super().verify(*args)
