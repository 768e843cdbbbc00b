"""The command that opens a Python prompt on the services."""

from asyncio import Runner
from code import interact
from typing import Final

import typer

from prilavok.assembly.services import open_services
from prilavok.cli.operator import operator
from prilavok.settings import load_settings

GREETING: Final = """\
services   every service, connected as the settings say
operator   makes the actor that services ask for
run        runs what a service returns: run(services.health.check())
"""


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(shell)


def shell() -> None:
    """Open a Python prompt on the services; what is done there is real."""
    opened = open_services(load_settings())
    with Runner() as runner:
        services = runner.run(opened.__aenter__())
        try:
            interact(
                banner=GREETING,
                local={"services": services, "operator": operator, "run": runner.run},
                exitmsg="",
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
