"""Sources that misbehave, and the services that ask them, on real stores."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Final, final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from prilavok.domain.access import Actor
from prilavok.domain.source_items import FetchItems, GatheredItems
from prilavok.domain.source_statuses import SourceStatus
from prilavok.domain.sources import CreateSource
from prilavok.repositories.redis_client import create_redis
from prilavok.repositories.source_results import SourceResultRepository
from prilavok.repositories.transaction import Database
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.assembly import SourceServices, assemble_sources
from prilavok.services.sources.breakers import Breakers
from tests.hostile_answers import HOSTILE, Behaviour
from tests.hostile_server import HostileServer
from tests.sources import opened

ACTOR: Final = Actor(request_id="test", login="tester")
SECONDS: Final = 2
DETAIL: Final = FetchItems(detail=True)


@final
class Laboratory:
    """Sources that are behaviours of one server, and the services that ask them."""

    def __init__(self, server: HostileServer) -> None:
        """Start without sources; the calendar stands unless it is moved."""
        self.server = server
        self.moment = datetime(2026, 11, 20, tzinfo=UTC)
        self.services: SourceServices

    def now(self) -> datetime:
        """Tell what the calendar says."""
        return self.moment

    async def add(self, names: Iterable[str], **behaviours: Behaviour) -> None:
        """Add sources by their behaviours' names; more behaviours may be given."""
        self.server.behaviours.update(behaviours)
        for name in (*names, *behaviours):
            await self.add_at(name, self.server.url(name))

    async def add_at(self, name: str, url: str) -> None:
        """Add a source at any address."""
        await self.services.registry.create(ACTOR, CreateSource(name, url))

    async def gather(self, query: FetchItems = DETAIL) -> GatheredItems:
        """Ask all of them."""
        return await self.services.items.gather(query)


async def forget_sources(owner_engine: AsyncEngine) -> None:
    """Leave none from tests before."""
    async with owner_engine.begin() as connection:
        await connection.execute(text("TRUNCATE sources"))


@asynccontextmanager
async def open_laboratory(
    engine: AsyncEngine,
    redis_url: str,
    kind: str,
    breakers: Breakers | None,
    seconds: float = SECONDS,
) -> AsyncIterator[Laboratory]:
    """Build the services with a client of this kind, and so long for all sources."""
    async with AsyncExitStack() as stack:
        redis = create_redis(redis_url)
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        server = HostileServer(HOSTILE)
        built = Laboratory(await stack.enter_async_context(server.listening()))
        client = await stack.enter_async_context(opened(kind))
        built.services = assemble_sources(
            Database(async_sessionmaker(engine)),
            SourceResultRepository(redis),
            SourceAsking(client, seconds, monotonic, breakers),
            built.now,
        )
        yield built


def ids(gathered: GatheredItems) -> list[int]:
    """List the ids as they stand."""
    return [found.id for found in gathered.items]


def statuses(gathered: GatheredItems) -> list[SourceStatus]:
    """List the statuses of the sources in order."""
    return [report.status for report in gathered.sources]
