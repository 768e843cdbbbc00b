"""A thread that runs greenlets, and takes work from other threads."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Any, TypeAlias, TypeVar, final

from gevent import get_hub, spawn
from gevent.event import Event as GreenletEvent

ResultT = TypeVar("ResultT")
Work: TypeAlias = Callable[[], object]


@final
class GreenletCall:
    """Work in a greenlet of its own; both methods are for the hub's thread."""

    def __init__(self, work: Work) -> None:
        """Name the work; nothing happens yet."""
        self._work = work
        self._greenlet: Any = None

    def start(self) -> None:
        """Begin."""
        self._greenlet = spawn(self._work)

    def end(self) -> None:
        """Break it off, unless it has ended by itself."""
        self._greenlet.kill(block=False)


@final
class GreenletThread:
    """Owns a gevent hub; nothing outside of the thread touches it."""

    def __init__(self) -> None:
        """Start the thread; return when it takes work."""
        self._waiting = deque[Work]()
        self._is_ready = Event()
        self._wake: Any = None
        self._stopped: Any = None
        self._thread = Thread(target=self._run, name="greenlets", daemon=True)
        self._thread.start()
        self._is_ready.wait()

    def call(self, work: Work) -> None:
        """Let the hub do this soon, from any thread; it must not block."""
        self._waiting.append(work)
        self._wake.send()

    def wait(self, elsewhere: Future[ResultT]) -> ResultT:
        """Wait in a greenlet for what happens elsewhere; without it, end it."""
        done = GreenletEvent()
        elsewhere.add_done_callback(lambda _: self.call(done.set))
        try:
            done.wait()
        finally:
            elsewhere.cancel()
        return elsewhere.result()

    def close(self) -> None:
        """End the thread and whatever it is doing."""
        self.call(self._stop)
        self._thread.join()

    def _run(self) -> None:
        hub = get_hub()
        self._stopped = GreenletEvent()
        self._wake = hub.loop.async_()
        self._wake.start(self._work_off)
        self._is_ready.set()
        self._stopped.wait()
        self._wake.close()
        hub.destroy(destroy_loop=True)

    def _stop(self) -> None:
        self._stopped.set()

    def _work_off(self) -> None:
        while self._waiting:
            self._waiting.popleft()()
