"""Work that several callers wait for is done once."""

from asyncio import Task, create_task, shield, wait
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar, final

ResultT = TypeVar("ResultT")


@final
class Flight(Generic[ResultT]):
    """One piece of work under way, and how many wait for it."""

    def __init__(self, work: Coroutine[Any, Any, ResultT]) -> None:
        """Start it."""
        self.task: Task[ResultT] = create_task(work)
        self.waiting = 0


@final
class Flights(Generic[ResultT]):
    """Lets callers join work of the same key; it ends with the last who waits."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._flights: dict[Hashable, Flight[ResultT]] = {}

    async def join(
        self,
        key: Hashable,
        start: Callable[[], Coroutine[Any, Any, ResultT]],
    ) -> ResultT:
        """Wait for the work of this key, which is started unless it is under way."""
        flight = self._flights.get(key)
        if flight is None:
            flight = Flight(start())
            self._flights[key] = flight
            flight.task.add_done_callback(lambda done: self._forget(key, done))
        flight.waiting += 1
        try:
            return await shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                await self._abandon(key, flight)

    async def _abandon(self, key: Hashable, flight: Flight[ResultT]) -> None:
        # Whoever comes now starts anew.
        self._forget(key, flight.task)
        flight.task.cancel()
        await wait((flight.task,))

    def _forget(self, key: Hashable, task: Task[ResultT]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            self._flights.pop(key)
