"""``prilavok up``: everything on this machine, until it is told to stop."""

import sys
from contextlib import ExitStack

import typer

from prilavok.cli.local_service import LocalService
from prilavok.embedded.data_folder import data_folder
from prilavok.embedded.demo_servers import DemoServers
from prilavok.embedded.local_servers import LocalServers
from prilavok.embedded.running_env import forget
from prilavok.embedded.server import ServerError
from prilavok.settings import load_settings
from prilavok.stopping import Stopping, told_to_stop


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(up)


def up() -> None:
    """Run everything on this machine; Ctrl-C stops it.

    PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), migrations,
    the first administrator, a made-up sample log, three demo sources (unless SOURCES
    names others), a demo email provider (unless ESP_PROVIDER or ESP_URL names another),
    the web service, a worker and a scheduler. All data lie in DATA_DIR.
    """
    with told_to_stop() as stopping:
        try:
            with ExitStack() as stack:
                _run(stopping, stack)
        except ServerError as error:
            # A signal to our whole group may end a process that was just being born.
            # Whoever asked us to stop need not hear of it.
            if not stopping.is_set():
                sys.exit(str(error))


def _run(stopping: Stopping, stack: ExitStack) -> None:
    folder = load_settings().data_dir
    lock = stack.enter_context(data_folder(folder))
    forget(folder)
    LocalService(
        stopping=stopping,
        stack=stack,
        lock=lock,
        # Read again, now without what a killed supervisor had left.
        settings=load_settings(),
        servers=LocalServers(folder, stack),
        demos=DemoServers(folder, stack),
    ).run()
