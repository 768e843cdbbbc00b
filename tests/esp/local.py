"""The demo provider, started and asked as ``prilavok up`` and the service do."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import Popen

from prilavok.clients.email_provider.opening import open_provider
from prilavok.domain.esp import EspState
from prilavok.embedded.demo_esp.supervision import LocalEsp
from prilavok.embedded.demo_servers import COMMAND
from prilavok.stopping import Stopping


def start(folder: Path, stack: ExitStack) -> tuple[Mapping[str, str], Popen[bytes]]:
    """Start it as ``prilavok up`` does; return its settings and its process."""
    esp = LocalEsp(folder, stack)
    settings = esp.settings()
    process = stack.enter_context(Popen((*COMMAND, *esp.words())))
    stack.callback(process.kill)
    with closing(Stopping()) as never:
        esp.await_ready(never)
    return settings, process


async def ensure(settings: Mapping[str, str], *emails: str) -> list[EspState]:
    """Ask it for contacts, as the service does with these settings."""
    opened = open_provider(
        settings["ESP_PROVIDER"],
        settings["ESP_URL"],
        None,
        settings["ESP_TOKEN"],
        None,
        10,
    )
    async with opened as provider:
        answers = [await provider.ensure_contact(email) for email in emails]
    return [answer.state for answer in answers]
