"""Short ways to play."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.services.container import Services
from tests.api.people import API, ApiClient

PLAYS: Final = f"{API}/plays"
PENDING: Final = ("pending", None)
CREATED: Final = ("created", False)
KNOWN: Final = ("known", True)
REJECTED: Final = ("rejected", None)


async def play(client: ApiClient, email: str, **headers: str) -> Any:
    """Play once, which must be accepted; underscores in headers are dashes."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    response = await client.post(PLAYS, json={"email": email}, headers=named)
    answer = await response.json(content_type=None)
    assert response.ok, answer
    assert (response.status == 201) == (answer["plays"] == 1)
    return answer


async def told(client: ApiClient, email: str) -> tuple[str, bool | None]:
    """Play once; return what is said of the provider."""
    answer = await play(client, email)
    return answer["esp_state"], answer["in_esp"]


async def stored(engine: AsyncEngine) -> dict[str, tuple[int, str]]:
    """Read plays and state of every email."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT email, plays, esp_state FROM players"),
        )
        return {row.email: (row.plays, row.esp_state) for row in rows}


async def make_due(engine: AsyncEngine) -> None:
    """Let the time pass until everything waiting is due and nothing leased."""
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE players SET esp_due_at = now(), esp_leased_until = NULL"),
        )


async def deliver(services: Services, engine: AsyncEngine) -> None:
    """Do a worker's round, at a time when everything is due."""
    await make_due(engine)
    await services.deliveries.gate.reopen()
    await services.deliveries.deliver_due(1)
