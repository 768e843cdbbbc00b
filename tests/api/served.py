"""Every address that the route lines declare."""

from collections.abc import Iterator
from dataclasses import replace
from re import sub
from typing import Final

from prilavok.transport.routes import ROUTES
from prilavok.transport.routing import Route

NOBODYS_ID: Final = "00000000-0000-7000-8000-000000000000"


def path_of(route: Route, wanted_id: str = NOBODYS_ID) -> str:
    """Fill in the path: the id, by default nobody's, and 1 for everything else."""
    return sub(r"\{\w+\}", "1", route.path.replace("{id}", wanted_id))


def _served() -> Iterator[Route]:
    for route in ROUTES:
        yield route
        yield from (replace(route, path=path, aliases=()) for path in route.aliases)


# An alias is an address like any other.
SERVED: Final = tuple(_served())
