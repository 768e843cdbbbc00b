"""Promises of the Valkey that we start ourselves."""

import os
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

import pytest
from redis import Redis
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,
    NoPermissionError,
    ResponseError,
)

from prilavok.embedded.valkey import EmbeddedValkey, ValkeyUrls
from prilavok.embedded.valkey_users import RULES

# Lua may use what its user may use, and nothing else.
READ_IN_LUA: Final = "return redis.call('GET', KEYS[1])"
WORK: Final = (
    ("SET", "prilavok:jobs:x", "1"),
    ("GET", "prilavok:jobs:x"),
    ("EXPIRE", "prilavok:cache:x", "9"),
    ("XADD", "prilavok:jobs:stream", "*", "job", "{}"),
    ("EVAL", READ_IN_LUA, "1", "prilavok:limits:x"),
    ("SCRIPT LOAD", READ_IN_LUA),
    ("PUBLISH", "prilavok:jobs:done", "x"),
    ("CLIENT SETINFO", "LIB-NAME", "redis-py"),
)
SESSIONS: Final = (
    ("HSET", "prilavok:session:x", "user", "ann"),
    ("HGETALL", "prilavok:session:x"),
    ("DEL", "prilavok:session:x"),
    ("EVAL", READ_IN_LUA, "1", "prilavok:sessions:x"),
    ("PUBLISH", "prilavok:sessions", "x"),
)
FORBIDDEN: Final = (
    ("GET", "another:x"),
    ("SET", "another:x", "1"),
    ("RENAME", "prilavok:jobs:x", "another:x"),
    ("PUBLISH", "another", "x"),
    ("KEYS", "*"),
    ("SCAN", "0"),
    ("RANDOMKEY",),
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("SWAPDB", "0", "1"),
    ("CONFIG GET", "*"),
    ("ACL LIST",),
    ("CLIENT LIST",),
    ("CLIENT KILL", "TYPE", "normal"),
    ("CLIENT PAUSE", "1"),
    ("CLIENT UNPAUSE",),
    ("CLIENT NO-EVICT", "on"),
    ("ACL SETUSER", "monitor", "+@all"),
    ("CONFIG SET", "maxmemory", "1"),
    ("CLUSTER RESET",),
    ("FAILOVER",),
    ("SORT", "prilavok:jobs:x"),
    ("MIGRATE", "127.0.0.1", "1", "prilavok:jobs:x", "0", "1"),
    ("SLOWLOG RESET",),
    ("LATENCY RESET",),
    ("SHUTDOWN", "NOSAVE"),
    ("SAVE",),
    ("INFO",),
    ("MONITOR",),
    ("FUNCTION FLUSH",),
    ("SCRIPT FLUSH",),
    ("MODULE LIST",),
    ("REPLICAOF", "NO", "ONE"),
)
# Dangerous by its category, and what the monitor is for.
WATCHING: Final = ("monitor", ("INFO",))
EXAMPLE: Final = Path(__file__).parents[2] / "redis.acl.example"


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyUrls]:
    """Start one in a folder with a space in its name."""
    server = EmbeddedValkey(tmp_path_factory.mktemp("a shop"))
    yield server.start()
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """Leave starting to the test."""
    valkey = EmbeddedValkey(tmp_path / "valkey")
    yield valkey
    valkey.stop()


def call(url: str, *command: str) -> Any:
    """Send one command as the user of the address."""
    with Redis.from_url(url, decode_responses=True) as client:
        return client.execute_command(*command)


@pytest.mark.parametrize("command", WORK)
def test_both_users_may_work(urls: ValkeyUrls, command: tuple[str, ...]) -> None:
    """Jobs, limits, cache, and Lua under their keys; nothing soils the ACL log."""
    before = call(urls.monitor, "ACL LOG")
    call(urls.service, *command)
    call(urls.worker, *command)

    assert call(urls.monitor, "ACL LOG") == before


@pytest.mark.parametrize("command", SESSIONS)
def test_only_the_service_reaches_sessions(
    urls: ValkeyUrls,
    command: tuple[str, ...],
) -> None:
    """A job cannot read who is signed in, nor sign anybody out."""
    call(urls.service, *command)
    with pytest.raises(NoPermissionError):
        call(urls.worker, *command)


@pytest.mark.parametrize(
    ("user", "command"),
    [
        (user, command)
        for user in RULES
        for command in FORBIDDEN
        if (user, command) != WATCHING
    ],
)
def test_nobody_leaves_his_keys(
    urls: ValkeyUrls,
    user: str,
    command: tuple[str, ...],
) -> None:
    """Row 34: not another's prefix, not all keys at once, not the server itself."""
    with pytest.raises(NoPermissionError):
        call(getattr(urls, user), *command)


@pytest.mark.parametrize("lua", ["'GET', 'another:x'", "'FLUSHALL'"])
@pytest.mark.parametrize("user", ["service", "worker"])
def test_lua_opens_no_other_door(urls: ValkeyUrls, user: str, lua: str) -> None:
    """A script may what its user may, whatever keys it names."""
    with pytest.raises(ResponseError, match="ACL failure in script"):
        call(getattr(urls, user), "EVAL", f"return redis.call({lua})", "0")


@pytest.mark.parametrize("command", [*WORK[:6], *SESSIONS, *FORBIDDEN[:6]])
def test_who_watches_sees_no_key(urls: ValkeyUrls, command: tuple[str, ...]) -> None:
    """Statistics and the log of refusals are all there is for it."""
    assert call(urls.monitor, "INFO")
    with pytest.raises(NoPermissionError):
        call(urls.monitor, *command)


def test_example_gives_the_same_rights() -> None:
    """Who runs a Redis of his own copies from there."""
    lines = EXAMPLE.read_text().splitlines()

    for user, rules in RULES.items():
        assert f"user {user} reset on >PASSWORD {rules}" in lines


def test_worker_takes_the_lock_of_taskiq(urls: ValkeyUrls) -> None:
    """The library's key has no prefix of ours; the service does not need it."""
    call(urls.worker, "SET", "autoclaim:jobs:group", "1", "NX")
    with pytest.raises(NoPermissionError):
        call(urls.service, "GET", "autoclaim:jobs:group")


def test_strangers_are_refused(urls: ValkeyUrls) -> None:
    """Without a name, and with a wrong password."""
    address = urls.service.rpartition("@")[-1]
    for url in (f"redis://{address}", f"redis://service:wrong@{address}"):
        with pytest.raises(AuthenticationError):
            call(url, "PING")


def test_nothing_is_thrown_out_when_memory_ends(
    server: EmbeddedValkey,
    tmp_path: Path,
) -> None:
    """Sessions survive a full memory; what it refuses is the write."""
    assert "maxmemory_policy:noeviction" in _statistics(server.start().monitor)


def test_data_survive_restart_and_sudden_death(server: EmbeddedValkey) -> None:
    """Both a clean stop and a death leave all keys; the ports may differ."""
    call(server.start().service, "SET", "prilavok:x", "kept")
    server.stop()
    urls = server.start()
    call(urls.service, "SET", "prilavok:y", "kept")
    os.kill(_pid(urls.monitor), SIGKILL)
    urls = server.start()

    assert call(urls.service, "MGET", "prilavok:x", "prilavok:y") == ["kept", "kept"]


def test_a_start_stops_what_still_runs_in_the_folder(
    server: EmbeddedValkey,
    tmp_path: Path,
) -> None:
    """Two servers would write one log."""
    orphan = EmbeddedValkey(tmp_path / "valkey")
    old = orphan.start()
    new = server.start()

    assert call(new.service, "PING")
    with pytest.raises(ConnectionError):
        call(old.service, "PING")
    orphan.stop()


def _statistics(url: str) -> str:
    return "\n".join(f"{name}:{found}" for name, found in call(url, "INFO").items())


def _pid(url: str) -> int:
    return int(call(url, "INFO")["process_id"])
