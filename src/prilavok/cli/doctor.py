"""The command that says in words what is right and what is not."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Final

import typer

from prilavok.assembly.services import open_services
from prilavok.cli.console import open_console
from prilavok.cli.database import newest_revision
from prilavok.cli.output import AsJson, plain, show_json
from prilavok.domain.health import Dependency, Readiness
from prilavok.settings import Settings, load_settings

MARKS: Final = ("[red]not right[/red]", "[green]right[/green]")


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Check every dependency and setting; exit code 1 when something is not right."""
    checks = asyncio.run(_check(load_settings()))
    if as_json:
        show_json({"checks": checks})
    else:
        _print(checks)
    if not Readiness(tuple(checks)).ok:
        raise typer.Exit(1)


def _print(checks: Iterable[Dependency]) -> None:
    console = open_console()
    for check in checks:
        console.print(MARKS[check.ok], check.name, plain(check.error or ""), sep="  ")


async def _check(settings: Settings) -> list[Dependency]:
    checks = list(_check_settings(settings))
    async with open_services(settings) as services:
        readiness = await services.health.check()
        checks.extend(readiness.dependencies)
        if readiness.ok:
            checks.extend(await services.health.examine(newest_revision()))
    return checks


def _check_settings(settings: Settings) -> Iterator[Dependency]:
    """Look for what works and is still unwise."""
    secure = settings.is_secure or settings.http_host in {"127.0.0.1", "::1"}
    yield _checked("PUBLIC_URL", secure, "Reachable from outside, yet not by https.")
    yield _checked("DEBUG", not settings.debug, "On: not for production.")
    is_demo = settings.esp_provider == "demo"
    has_provider = not is_demo or settings.esp_url is not None
    yield _checked("ESP_URL", has_provider, "No email provider: players' mails wait.")
    roles = settings.database_url != settings.migration_database_url
    yield _checked("DATABASE_URL", roles, "The service signs in as the owner.")
    users = settings.worker_redis_url not in {None, settings.redis_url}
    yield _checked("WORKER_REDIS_URL", users, "Workers sign in as the service.")


def _checked(name: str, ok: bool, otherwise: str) -> Dependency:
    return Dependency(name, ok, None if ok else otherwise)
