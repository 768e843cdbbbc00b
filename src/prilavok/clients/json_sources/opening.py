"""Choosing the paradigm in which sources are fetched."""

from importlib import import_module
from types import MappingProxyType
from typing import Final

from prilavok.clients.json_sources.addresses import AddressGuard
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.port import BodyFetcher
from prilavok.domain.sources import MAX_SOURCES

FETCHERS: Final = MappingProxyType(
    {
        "asyncio": "AsyncioFetcher",
        "threads": "ThreadsFetcher",
        "greenlets": "GreenletsFetcher",
    },
)


class FetcherMissing(Exception):
    """The fetcher needs packages that are not installed; the text says which."""


def open_client(name: str, *, allow_private: bool) -> SourceClient:
    """Return a client by one of ``FETCHERS``; needs a running loop."""
    lookups = Lookups(AddressGuard(allow_private))
    return SourceClient(open_fetcher(name, lookups), lookups)


def open_fetcher(
    name: str,
    lookups: Lookups,
    limit: int = MAX_SOURCES,
) -> BodyFetcher:
    """Return a fetcher of at most ``limit`` bodies at once.

    Imports only what is used: the packages of greenlets are an extra. Raises
    ``FetcherMissing``.
    """
    try:
        module = import_module(f"prilavok.clients.json_sources.{name}_fetcher")
    except ImportError as error:
        raise FetcherMissing(
            f"SOURCE_FETCHER={name} needs requirements-{name}.txt: {error}.",
        ) from error
    fetcher: BodyFetcher = getattr(module, FETCHERS[name])(lookups, limit)
    return fetcher
