"""Fetching single sources, in three paradigms that must not differ."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from socket import create_server
from typing import Final, cast

import pytest

from prilavok.clients.json_sources.addresses import AddressGuard
from prilavok.clients.json_sources.client import SourceClient
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.opening import open_fetcher
from prilavok.domain.source_items import Credential
from prilavok.domain.source_statuses import SourceStatus as Status
from tests.hanging_names import PATIENCE_SECONDS, HangingNames
from tests.hostile_answers import GOOD, HOSTILE, NEVER_COMPLETE, says
from tests.hostile_server import HostileServer
from tests.kept_connections import KeptConnections
from tests.sources import KINDS, ids, opened, outcome, target

# Short, so that those that never end are quick to test; the others end by themselves.
SECONDS: Final = 0.3
# Less than what they would go on for, and much more than leaving takes.
LEAVING_SECONDS: Final = 1.5
# Every spelling of an address that only this machine reaches.
INNER: Final = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "127.0.0.1.",
    "\uff11\uff12\uff17.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
)


@pytest.fixture
async def hostile() -> AsyncIterator[HostileServer]:
    """Serve every behaviour."""
    async with HostileServer(HOSTILE).listening() as server:
        yield server


@pytest.fixture(params=KINDS)
async def client(request: pytest.FixtureRequest) -> AsyncIterator[SourceClient]:
    """Open each client in turn."""
    async with opened(request.param) as opened_client:
        yield opened_client


@pytest.mark.parametrize("name", HOSTILE)
async def test_every_behaviour_has_its_status(
    client: SourceClient,
    hostile: HostileServer,
    name: str,
) -> None:
    """Valid items stay, others are counted, nothing is followed, nothing is left."""
    wanted = HOSTILE[name]
    seconds = SECONDS if name in NEVER_COMPLETE else PATIENCE_SECONDS
    asked = target(hostile.url(name), timeout_s=seconds)
    found = await outcome(client, asked, seconds)

    assert found.status in {wanted.expected, wanted.or_else}, found.error
    assert (ids(found), found.dropped) == (wanted.kept, wanted.dropped)
    assert not hostile.hits["canary"]
    # Redirects are not followed; a broken connection may be tried once more.
    assert hostile.hits[name] <= 2


async def test_nobody_there(client: SourceClient) -> None:
    """A closed port and a name that leads nowhere."""
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    closed = await outcome(client, target(f"http://127.0.0.1:{port}/"))
    unknown = await outcome(client, target("http://nowhere.invalid/"))

    assert (closed.status, closed.error) == (
        Status.CONNECT_ERROR,
        "Connection refused.",
    )
    assert (unknown.status, unknown.error) == (
        Status.CONNECT_ERROR,
        "The name of the host leads nowhere.",
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_addresses_inside_are_never_connected_to(
    hostile: HostileServer,
    kind: str,
) -> None:
    """27: however they are written, and whatever name leads to them."""
    async with opened(kind, allow_private=False) as guarded:
        for host in INNER:
            found = await outcome(guarded, target(hostile.url("canary", host)))
            assert found.status is Status.CONNECT_ERROR, host
            assert "127.0.0.1" not in (found.error or "")

    assert not hostile.hits


async def test_sources_of_one_server_have_their_own_time_out(
    client: SourceClient,
    hostile: HostileServer,
) -> None:
    """They may share connections, and nothing else."""
    hostile.behaviours["slow"] = replace(HOSTILE["empty-list"], pause=SECONDS)
    hurried = target(hostile.url("hangs-in-body"), timeout_s=0.05)

    assert (await outcome(client, hurried, 0.05)).status is Status.TIMEOUT
    assert (await outcome(client, target(hostile.url("slow")))).status is Status.OK


@pytest.mark.parametrize("kind", KINDS)
async def test_a_name_that_hangs_takes_nothing_from_others(
    hostile: HostileServer,
    kind: str,
) -> None:
    """Not even where only one source at a time is fetched."""
    names = HangingNames()
    lookups = Lookups(cast(AddressGuard, names))
    client = SourceClient(open_fetcher(kind, lookups, limit=1), lookups)
    hurried = target(hostile.url("empty-list", "hangs"))
    hangs = await outcome(client, hurried, SECONDS)
    good = target(hostile.url("empty-list", "good"))
    found = await outcome(client, good, PATIENCE_SECONDS / 2)
    await client.close()
    names.gate.set()

    assert (hangs.status, found.status) == (Status.TIMEOUT, Status.OK)


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_connections_to_servers_that_are_asked_no_more_go(kind: str) -> None:
    """Sources move: only as many servers as sources keep a connection."""
    async with (
        KeptConnections().listening() as old,
        KeptConnections().listening() as new,
    ):
        lookups = Lookups(AddressGuard(allow_private=True))
        client = SourceClient(open_fetcher(kind, lookups, limit=1), lookups)
        found = [
            await outcome(client, target(server.url)) for server in (old, old, new)
        ]
        await asyncio.wait_for(old.closed.wait(), PATIENCE_SECONDS)
        await client.close()

    assert {one.status for one in found} == {Status.OK}
    assert (old.connections, new.connections) == (1, 1)


async def test_errors_repeat_nothing_that_a_server_said(
    client: SourceClient,
    hostile: HostileServer,
) -> None:
    """It could be the credential that it was shown."""
    said = says("bad_json", GOOD, Content_Encoding="of-a-secret")
    hostile.behaviours["repeats"] = said
    found = await outcome(client, target(hostile.url("repeats")))

    assert found.status is Status.BAD_JSON
    assert "secret" not in (found.error or "")


async def test_whoever_leaves_takes_the_connection_along(
    client: SourceClient,
    hostile: HostileServer,
) -> None:
    """Nothing goes on for nobody."""
    asked = target(hostile.url("drips-body"))
    fetching = asyncio.create_task(outcome(client, asked))
    while not hostile.hits["drips-body"]:
        await asyncio.sleep(0.01)
    fetching.cancel()

    assert await hostile.becomes_idle(LEAVING_SECONDS)


async def test_a_source_sees_its_credential_and_no_cookie(
    client: SourceClient,
    hostile: HostileServer,
) -> None:
    """The header goes to the source that it is for, time and again."""
    credential = Credential("X-Token", "of a secret")
    for shown in (credential, None, credential):
        await outcome(client, target(hostile.url("empty-list"), shown))
    sent = [b"x-token: of a secret" in head.lower() for head in hostile.headers]

    assert sent == [True, False, True]
    assert not any(b"cookie" in head.lower() for head in hostile.headers)
