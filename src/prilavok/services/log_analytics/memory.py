"""How much memory the process keeps for itself."""

import ctypes
from typing import Final

import pyarrow

# From glibc's malloc.h.
ARENA_MAX: Final = -8


def share_one_arena() -> None:
    """Let threads that start from now on take memory from where the others do.

    glibc gives each thread an arena of its own, and each keeps what it once had: a
    fifth of an import's peak. Other C libraries have no arenas, and no ``mallopt``.
    Arrow's own allocator keeps something for each thread, too, so it takes glibc's.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(ARENA_MAX, 1)
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
