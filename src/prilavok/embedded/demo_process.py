"""One process that serves everything made up: lists of sources, and the demo ESP.

    python -m prilavok.embedded.demo_process 127.0.0.1 \
        --lists 8181 first third --lists 8182 second --esp 8190 FOLDER

The folder holds ``token``, which clients must show, and ``contacts.sqlite``.
"""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, closing
from pathlib import Path
from typing import Final, TypeAlias

from aiohttp import web

from prilavok.embedded.demo_esp.contact_book import ContactBook
from prilavok.embedded.demo_esp.places import BOOK, TOKEN
from prilavok.embedded.demo_esp.server import DemoEsp
from prilavok.embedded.json_server import lists_app
from prilavok.stop_event import stop_event
from prilavok.stopping import Stopping, told_to_stop

# Whoever still waits for an answer has that long.
SHUTDOWN_SECONDS: Final = 2
Sites: TypeAlias = Iterator[tuple[str, web.Application]]


def main() -> None:
    """Serve until SIGTERM."""
    parser = ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("--lists", nargs="+", action="append", default=[])
    parser.add_argument("--esp", nargs=2)
    words = parser.parse_args()
    with told_to_stop() as stopping:
        asyncio.run(_serve(words, stopping))


async def _serve(words: Namespace, stopping: Stopping) -> None:
    told = stop_event(stopping)
    with ExitStack() as books:
        async with AsyncExitStack() as stack:
            for port, app in (*_lists(words), *_esp(words, books)):
                runner = web.AppRunner(
                    app,
                    access_log=None,
                    shutdown_timeout=SHUTDOWN_SECONDS,
                )
                stack.push_async_callback(runner.cleanup)
                await runner.setup()
                await web.TCPSite(runner, words.host, int(port)).start()
            await told.wait()


def _lists(words: Namespace) -> Sites:
    for port, *names in words.lists:
        yield port, lists_app(names)


def _esp(words: Namespace, books: ExitStack) -> Sites:
    if words.esp:
        port, folder = words.esp
        token = Path(folder, TOKEN).read_text()
        book = books.enter_context(closing(ContactBook(Path(folder, BOOK))))
        yield port, DemoEsp(book, token).create_app()


if __name__ == "__main__":
    main()
