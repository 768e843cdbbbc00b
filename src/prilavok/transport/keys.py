"""Typed keys: the only way state travels through aiohttp."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Protocol, final

from aiohttp import web

from prilavok.domain.access import Actor
from prilavok.domain.sessions import Session
from prilavok.services.container import Services


class Admit(Protocol):
    """Names the actor of a request, or raises what refuses it."""

    async def __call__(self) -> None:
        """Look everything up anew."""


@final
@dataclass(frozen=True, slots=True)
class Site:
    """How the outside reaches this service."""

    public_url: str
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    metrics_allowed: tuple[IPv4Network | IPv6Network, ...] = ()
    # Whose pages may read the answers of shared routes.
    shared_with: frozenset[str] = frozenset()

    @property
    def is_secure(self) -> bool:
        """Tell whether people come by https."""
        return self.public_url.startswith("https://")


SERVICES: Final = web.AppKey("services", Services)
SITE: Final = web.AppKey("site", Site)
# How long a body may take to arrive; aiohttp itself would wait for ever.
BODY_SECONDS: Final = web.AppKey("body_seconds", float)
# How long a client may leave an answer unread.
WRITE_SECONDS: Final = web.AppKey("write_seconds", float)
# The largest log that may be uploaded.
IMPORT_MAX_BYTES: Final = web.AppKey("import_max_bytes", int)
ACTOR: Final = web.RequestKey("actor", Actor)
SESSION: Final = web.RequestKey("session", Session)
# Decides once more whether the request's sender has access to its route.
ADMIT: Final = web.RequestKey("admit", Admit)
# The template of the path, such as ``/users/{id}``: logs and metrics never see ids.
ROUTE: Final = web.RequestKey("route", str)
# Query parameters that the route itself reads, so that no schema of a query does.
DROPPED: Final = web.RequestKey("dropped", tuple)
# Whether pages of other origins may read the answer.
IS_SHARED: Final = web.RequestKey("is_shared", bool)
