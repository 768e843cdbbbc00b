"""Which pooled connections to PostgreSQL may still be used, and how bad ones end."""

from time import monotonic
from typing import Any, Final, final

from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import DisconnectionError

CONNECTED_AT: Final = "connected_at"


@final
class PoolGuard:
    """Lets a pool heal after a restart or a black hole, without any round trip.

    Connections that the server has closed are replaced when they are taken. One that
    failed makes those opened before it suspect: they are replaced as well, so that
    not each of them costs a request its time-out.
    """

    def __init__(self) -> None:
        """Start without suspicion."""
        self._failed_at = float("-inf")

    def watch(self, engine: Engine) -> None:
        """Guard the pool of this engine."""
        event.listen(engine, "connect", _note_connected)
        event.listen(engine, "checkout", self._refuse_suspects)
        event.listen(engine, "invalidate", self._note_failed)
        event.listen(engine, "close", _abort)
        event.listen(engine, "handle_error", _give_up_on_time_out)

    def _refuse_suspects(self, driver: Any, record: Any, proxy: object) -> None:
        is_suspect = record.info[CONNECTED_AT] <= self._failed_at
        if is_suspect or driver.driver_connection.is_closed():
            raise DisconnectionError

    def _note_failed(self, driver: Any, record: Any, error: object) -> None:
        # What we refused ourselves says nothing about the others.
        if not isinstance(error, DisconnectionError):
            self._failed_at = monotonic()


def _note_connected(driver: object, record: Any) -> None:
    record.info[CONNECTED_AT] = monotonic()


def _abort(driver: Any, record: object) -> None:
    """Hang up at once: saying goodbye into a black hole takes two seconds."""
    driver.driver_connection.terminate()


def _give_up_on_time_out(context: ExceptionContext) -> None:
    """Never use a connection again that did not answer in time, not to roll back."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
