"""``prilavok countries``, the job, and what the service says of both."""

import json
from asyncio import to_thread
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner, Result

from prilavok.assembly.services import open_services
from prilavok.cli import countries, logs
from prilavok.embedded.postgres import PostgresUrls
from prilavok.embedded.valkey import ValkeyUrls
from prilavok.jobs.registry import JOBS
from prilavok.jobs.table import JobContext
from prilavok.repositories.log_imports.store import LogStore
from prilavok.schemas.base import NoInput
from prilavok.settings import SettingsError, load_settings
from tests.country_desk import CountryDesk
from tests.ipinfo_stub import TOKEN, Always, IpinfoStub, open_stub
from tests.mmdb_files import write_mmdb
from tests.oracle.lines import write_log

LOG: Final = write_log(
    "2018-08-01 10:00:00 1 8.8.8.8 /",
    "2018-08-01 10:00:01 2 5.9.0.1 /",
    "2018-08-01 10:00:02 3 10.0.0.1 /",
)
cli: Final = typer.Typer()
logs.register(cli)
countries.register(cli)


@pytest.fixture(autouse=True)
async def stub(
    postgres: PostgresUrls,
    valkey: ValkeyUrls,
    store: LogStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[IpinfoStub]:
    """Let commands find the test's servers, and a stub in ipinfo's place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", postgres.app)
    monkeypatch.setenv("REDIS_URL", valkey.service)
    monkeypatch.setenv("SECRET_KEY", "a key that only tests are signed with")
    monkeypatch.setenv("IPINFO_TOKEN", TOKEN)
    Path("log.txt").write_bytes(LOG)
    async with open_stub(monkeypatch, {"8.8.8.8": "US"}) as opened:
        yield opened


async def prilavok(*words: str) -> Result:
    """Run a command while the stub answers."""
    return await to_thread(CliRunner().invoke, cli, words)


async def document(*words: str) -> Any:
    """Run a command that answers a program."""
    return json.loads((await prilavok(*words, "--json")).stdout)


async def test_commands_tell_and_find(stub: IpinfoStub) -> None:
    """Before the first import nobody tells anything; then two wait, then none."""
    before = await document("countries", "status")
    await prilavok("import", "logs", "log.txt")
    waiting = await document("countries", "status")
    shown = await prilavok("countries", "status")
    found = await document("countries", "resolve")

    assert (before["source"], before["unresolved"]) == (None, 0)
    assert (waiting["source"], waiting["unresolved"]) == ("ipinfo", 2)
    assert shown.stdout == "ipinfo; 2 visitors wait.\n"
    assert (found["settled"], found["unresolved"]) == (2, 0)


async def test_failure_is_said(stub: IpinfoStub) -> None:
    """With exit code 1; and the service is ready nevertheless, and says it too."""
    stub.answer = Always(429, {})
    await prilavok("import", "logs", "log.txt")
    failed = await prilavok("countries", "resolve")
    async with open_services(load_settings()) as services:
        readiness = await services.health.check()
    parts = {part.name: part for part in readiness.dependencies}

    assert failed.exit_code == 1
    assert "quota of IPINFO_TOKEN is used up" in failed.stdout
    assert not parts["countries"].ok
    assert not parts["countries"].needed
    assert "2 visitors wait. The quota of" in str(parts["countries"].error)
    assert TOKEN not in failed.output


async def test_job_finds_countries(stub: IpinfoStub, store: LogStore) -> None:
    """Workers do it by themselves, every few seconds."""
    await prilavok("import", "logs", "log.txt")
    job = JOBS["find-countries"]
    async with open_services(load_settings()) as services:
        await job.work(JobContext(services), NoInput())

    assert job.every_seconds
    await CountryDesk(store.engine).check({ip_address("8.8.8.8"): "US"}, LOG)


async def test_file_is_set(store: LogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells countries while the log comes in; where there is none nothing starts."""
    monkeypatch.setenv("IPINFO_TOKEN", "")
    monkeypatch.setenv("COUNTRIES_MMDB", "countries.mmdb")
    with pytest.raises(SettingsError, match="COUNTRIES_MMDB: .*countries.mmdb"):
        async with open_services(load_settings()):
            raise AssertionError("It was opened.")
    write_mmdb(Path("countries.mmdb"), {"8.0.0.0/8": "CA"})
    await prilavok("import", "logs", "log.txt")
    status = await document("countries", "status")

    assert status["source"].startswith("Made-up-Country of 20")
    await CountryDesk(store.engine).check({ip_address("8.8.8.8"): "CA"}, LOG)
