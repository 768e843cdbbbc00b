"""A thread for one kind of work of one import."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import get_native_id
from typing import Final

# How far such threads stand back, of 19 (setpriority(2)).
NICENESS: Final = 10


@contextmanager
def own_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """Lend one thread, always the same for as long as the block runs.

    Libraries keep memory for each thread that ever used them, so that a pool of them
    costs several times as much. What the thread is at when the block ends it ends by
    itself; nobody waits for it.
    """
    thread = ThreadPoolExecutor(1, name, initializer=_stand_back)
    try:
        yield thread
    finally:
        thread.shutdown(wait=False, cancel_futures=True)


def _stand_back() -> None:
    """Leave the processor to whoever keeps the database busy, or answers requests.

    On Linux a priority is that of a thread, which others take for a process.
    """
    os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)
