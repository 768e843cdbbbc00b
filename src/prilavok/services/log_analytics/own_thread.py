"""A thread for one kind of work of one import."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

# So long the event loop may wait for a thread that is at work, each time that it has
# something to send. Python's own 5 ms leave the database without work meanwhile.
SWITCH_SECONDS: Final = 0.0005


@contextmanager
def own_thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """Lend one thread, always the same for as long as the block runs.

    Libraries keep memory for each thread that ever used them, so that a pool of them
    costs several times as much. What the thread is at when the block ends it ends by
    itself; nobody waits for it.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    thread = ThreadPoolExecutor(1, name)
    try:
        yield thread
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
