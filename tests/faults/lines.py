"""Where lines lead, and what crowds get through them."""

from asyncio import gather, sleep
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, final

from aiohttp import hdrs
from sqlalchemy import make_url

from tests.api.people import ADMIN_LOGIN, API, PASSWORD, ApiClient
from tests.fault_proxy import HOST, FaultProxy

CROWD: Final = 50
# Still twice as many as there are connections to PostgreSQL: for the suite, where one
# process is client, proxy and server, and more would tell how fast the machine is.
SMALL_CROWD: Final = 20
POLL_SECONDS: Final = 0.02
ME: Final = ("GET", f"{API}/auth/me", None)
USERS: Final = ("GET", f"{API}/users", None)
LOGIN: Final = (
    "POST",
    f"{API}/auth/login",
    {"login": ADMIN_LOGIN, "password": PASSWORD},
)
NEW_ROLE: Final = ("POST", f"{API}/roles", {"name": "Clerk", "permissions": []})
LIVE: Final = ("GET", "/health/live", None)
READY: Final = ("GET", "/health/ready", None)


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    seconds: float
    retry_after: str | None
    document: Any


def target_of(url: str) -> tuple[str, int]:
    """Read host and port of a server's URL."""
    parsed = make_url(url)
    return str(parsed.host), int(parsed.port or 0)


def through(line: FaultProxy, url: str | None) -> str:
    """Lead a server's URL through the line."""
    led = make_url(str(url)).set(host=HOST, port=line.port)
    return led.render_as_string(hide_password=False)


async def ask(client: ApiClient, method: str, path: str, body: object) -> Answer:
    """Send one request."""
    started = monotonic()
    async with client.request(method, path, json=body) as response:
        document = await response.json(content_type=None)
        return Answer(
            response.status,
            monotonic() - started,
            response.headers.get(hdrs.RETRY_AFTER),
            document,
        )


def missing(ready: Answer) -> list[str]:
    """Name what is needed and not there."""
    parts = ready.document["dependencies"]
    return [part["name"] for part in parts if part["needed"] and not part["ok"]]


async def crowd(
    client: ApiClient,
    line: tuple[str, str, object],
    count: int = CROWD,
) -> list[Answer]:
    """Send fifty requests at once, or so many."""
    return await gather(*(ask(client, *line) for _ in range(count)))


async def seconds_until(
    client: ApiClient,
    line: tuple[str, str, object],
    limit: float,
    count: int = 1,
) -> float:
    """Ask so often at once until all goes well; fail when that takes longer."""
    started = monotonic()
    while not _are_well(await crowd(client, line, count)):
        assert monotonic() - started < limit, f"not well after {limit} seconds"
        await sleep(POLL_SECONDS)
    return monotonic() - started


def _are_well(answers: list[Answer]) -> bool:
    return all(answer.status == 200 for answer in answers)
