"""Bringing logs of bytes in."""

from io import BytesIO

from sqlalchemy.ext.asyncio import async_sessionmaker

from prilavok.domain.imports import Import, ImportCounts
from prilavok.domain.shop_logs import RejectedLine
from prilavok.repositories.log_imports.store import LogStore
from prilavok.repositories.transaction import Database
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.imports import ImportService
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections


class Watcher:
    """Remembers what it saw."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.counts: list[ImportCounts] = []
        self.rejected: list[RejectedLine] = []

    def see_progress(self, counts: ImportCounts) -> None:
        """Remember the progress."""
        self.counts.append(counts)

    def see_rejected(self, rejected: Rejections) -> None:
        """Remember the rejected lines."""
        self.rejected.extend(rejected)


def in_memory(log: bytes) -> LogFile:
    """Let these bytes be a file."""
    return LogFile("log.txt", BytesIO(log), len(log))


async def bring_one(importer: Importer, log: bytes) -> Import:
    """Import one log."""
    return await importer.run(in_memory(log), Watcher())


async def bring_in(importer: Importer, *logs: bytes) -> list[Import]:
    """Import logs one after the other."""
    return [await bring_one(importer, log) for log in logs]


class SilentAlarm:
    """Wakes nobody."""

    async def ring(self, job: str, **payload: object) -> None:
        """Stay silent."""


def import_service(store: LogStore) -> ImportService:
    """List and delete imports as the service does, on the engine of imports."""
    database = Database(async_sessionmaker(store.engine))
    return ImportService(store, database.reading, database.transaction, SilentAlarm())
