"""What tests of sources share."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Final
from uuid import uuid4

import pytest

from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.opening import open_client
from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_items import Credential, SourceOutcome, SourceTarget
from prilavok.domain.source_statuses import SourceStatus as Status

HAS_GREENLETS: Final = find_spec("geventhttpclient") is not None
KINDS: Final = (
    "asyncio",
    "threads",
    pytest.param(
        "greenlets",
        marks=pytest.mark.skipif(
            not HAS_GREENLETS,
            reason="requirements-greenlets.txt is not installed",
        ),
    ),
)


def target(
    url: str,
    credential: Credential | None = None,
    timeout_s: float = 2,
) -> SourceTarget:
    """Describe a source."""
    name = url.rpartition("/")[2]
    return SourceTarget(uuid4(), name, url, timeout_s, True, 1, credential)


@asynccontextmanager
async def opened(
    kind: str,
    *,
    allow_private: bool = True,
) -> AsyncIterator[SourceClient]:
    """Open a client that may talk to servers of ours."""
    client = open_client(kind, allow_private=allow_private)
    yield client
    await client.close()


async def outcome(
    client: SourceClient,
    asked: SourceTarget,
    seconds: float = 2,
) -> SourceOutcome:
    """Fetch once, and take failures for what they are."""
    try:
        delivery = await client.fetch(asked, seconds)
    except FetchFailed as error:
        return SourceOutcome(error.status, error=error.error)
    return SourceOutcome(Status.OK, delivery.items, delivery.dropped)


def ids(delivered: SourceOutcome) -> tuple[int, ...]:
    """Return the different ids in order."""
    return tuple(sorted({found.id for found in delivered.items}))


def urls(names: Iterable[str], base: str) -> dict[str, str]:
    """Name addresses below one server."""
    return {name: f"{base}{name}" for name in names}
