"""The command that serves HTTP: gunicorn's supervisor over aiohttp's workers."""

from typing import Any, Final, final

import typer
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from typing_extensions import override

from prilavok.log_config import configure_logging
from prilavok.settings import Settings, load_settings

GRACEFUL_SECONDS: Final = 25


def register(cli: typer.Typer) -> None:
    """Add this command."""
    cli.command()(serve)


def serve() -> None:
    """Serve HTTP until SIGTERM; requests at work are finished first."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    Server(settings).run()


@final
class OurLogger(Logger):
    """Gunicorn's own lines go where ours go, in the same form."""

    @override
    def setup(self, cfg: Any) -> None:
        """Hand its lines to the root logger."""
        super().setup(cfg)
        self.error_log.propagate = True


@final
class Server(BaseApplication):
    """Gunicorn with our settings instead of its own files and flags."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings, which the workers inherit."""
        self._settings = settings
        super().__init__()

    @override
    def load_config(self) -> None:
        """Translate our settings."""
        settings = self._settings
        chosen = {
            "bind": f"{settings.http_host}:{settings.http_port}",
            "workers": settings.workers,
            "worker_class": "aiohttp.GunicornUVLoopWebWorker",
            "graceful_timeout": GRACEFUL_SECONDS,
            "logger_class": OurLogger,
            "errorlog": None,
            "loglevel": "warning",
            # A socket under HOME that nothing of ours talks to.
            "control_socket_disable": True,
        }
        for name, wanted in chosen.items():
            self.cfg.set(name, wanted)

    @override
    def load(self) -> Any:
        """Give each worker a way to make its own application."""
        return self._make_runner

    async def _make_runner(self) -> Any:
        # In the worker: gunicorn's supervisor only watches, and needs none of it.
        from prilavok.cli.web_runner import make_runner

        return make_runner(self._settings)
