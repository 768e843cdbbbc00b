"""Being told to stop, for code that runs in an event loop."""

import asyncio

from prilavok.stopping import Stopping


def stop_event(stopping: Stopping) -> asyncio.Event:
    """Return an event of the running loop that is set when we are told to stop."""
    event = asyncio.Event()
    asyncio.get_running_loop().add_reader(stopping, _tell, stopping, event)
    return event


def _tell(stopping: Stopping, event: asyncio.Event) -> None:
    # It stays readable, and the loop would call this without end.
    asyncio.get_running_loop().remove_reader(stopping)
    event.set()
