"""Password hashes by argon2id, outside the event loop and never too many at once."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from prilavok.clients.fair_line import FairLine
from prilavok.domain.password_policy import comparable

ResultT = TypeVar("ResultT")
# The event loop goes first where cores are few.
NICENESS: Final = 10


@final
class Passwords:
    """Makes and checks hashes, about 115 ms of CPU each.

    Callers wait for their turn by ``origin``, where they come from; ``Unavailable``
    when too many wait already.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Use the parameters of RFC 9106's second recommendation by default."""
        self._hasher = hasher or PasswordHasher()
        self.threads = max(1, (os.cpu_count() or 1) - 1)
        self._line = FairLine(self.threads)
        self._pool = ThreadPoolExecutor(
            self.threads,
            "passwords",
            initializer=os.nice,
            initargs=(NICENESS,),
        )
        # Checked for unknown logins, so that they take as long as known ones.
        self._dummy = _nobodys_hash(self._hasher)

    async def make_hash(self, password: str, origin: str) -> str:
        """Hash a new password with a salt of its own."""
        return await self._run(
            lambda: self._hasher.hash(comparable(password)),
            origin,
        )

    async def is_right(
        self,
        password: str,
        password_hash: str | None,
        origin: str,
    ) -> bool:
        """Check a password; without a hash the answer is no, after the same time.

        Hashes made before passwords were compared in one form may be of another one:
        what was typed is tried as well where it differs, for known and unknown alike.
        """
        known = password_hash or self._dummy
        right = await self._run(lambda: self._verify_any(password, known), origin)
        return right and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads end; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _verify_any(self, password: str, password_hash: str) -> bool:
        forms = dict.fromkeys((comparable(password), password))
        return any(self._verify(form, password_hash) for form in forms)

    async def _run(self, work: Callable[[], ResultT], origin: str) -> ResultT:
        async with self._line.turn(origin):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, work)


def _nobodys_hash(hasher: PasswordHasher) -> str:
    """Return a hash of no password, which takes as long to check as one of ours.

    Made of random bytes: to compute one would cost every process 64 MB and 0.1 s.
    """
    salt, digest = (
        b64encode(os.urandom(size)).rstrip(b"=").decode()
        for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
