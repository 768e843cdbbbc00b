"""Serve the demo provider until SIGTERM.

    python -m prilavok.embedded.demo_esp 127.0.0.1 8190 FOLDER

The folder holds ``token``, which the service shows, and ``contacts.sqlite``.
"""

import sys
from contextlib import closing
from pathlib import Path

from aiohttp import web

from prilavok.embedded.demo_esp.contact_book import ContactBook
from prilavok.embedded.demo_esp.places import BOOK, TOKEN
from prilavok.embedded.demo_esp.server import DemoEsp


def main(host: str, port: str, folder: str) -> None:
    """Open the book and serve it."""
    token = Path(folder, TOKEN).read_text()
    with closing(ContactBook(Path(folder, BOOK))) as book:
        app = DemoEsp(book, token).create_app()
        web.run_app(app, host=host, port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
