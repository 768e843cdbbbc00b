"""A running GNU Mailman Core with one empty list."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from signal import SIGTERM
from socket import create_server
from time import monotonic, sleep
from typing import Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from aiohttp import encode_basic_auth

from prilavok.embedded.lifeline import lifeline
from prilavok.embedded.server import end
from tests.esp.mailman import LIST, PASSWORD, USER

START_SECONDS: Final = 60
POSTING_ADDRESS: Final = LIST.replace(".", "@", 1)
DOMAIN: Final = LIST.partition(".")[2]
BANNED: Final = "banned@example.com"
CONFIG: Final = """
[mailman]
site_owner: owner@example.com
layout: here
[paths.here]
var_dir: {folder}
[mta]
incoming: mailman.mta.null.NullMTA
outgoing: mailman.mta.deliver.deliver
smtp_host: 127.0.0.1
smtp_port: 1
[webservice]
hostname: 127.0.0.1
port: {port}
admin_user: {user}
admin_pass: {password}
"""


@contextmanager
def running_mailman(programs: Path, folder: Path) -> Iterator[str]:
    """Run its REST server for as long as the block does; yield its address.

    Its other runners deal with mail, which nobody sends here.
    """
    with create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    config = folder / "mailman.cfg"
    config.write_text(
        CONFIG.format(folder=folder, port=port, user=USER, password=PASSWORD),
    )
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            (*lifeline(SIGTERM), programs / "runner", "-C", config, "-r", "rest:0:1"),
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _prepare(url)
        yield url
    finally:
        end(process, SIGTERM)


def _prepare(url: str) -> None:
    _await(f"{url}/3.1/system/versions")
    _post(f"{url}/3.1/domains", mail_host=DOMAIN)
    _post(f"{url}/3.1/lists", fqdn_listname=POSTING_ADDRESS)
    _post(f"{url}/3.1/lists/{LIST}/bans", email=BANNED)


def _await(url: str) -> None:
    deadline = monotonic() + START_SECONDS
    while True:
        try:
            _ask(Request(url))
        except URLError:
            # It does not listen yet.
            assert monotonic() < deadline, "Mailman does not start."
            sleep(0.1)
        else:
            return


def _post(url: str, **fields: str) -> None:
    assert _ask(Request(url, urlencode(fields).encode())) == HTTPStatus.CREATED


def _ask(request: Request) -> int:
    request.add_header("Authorization", encode_basic_auth(USER, PASSWORD))
    # Not through a proxy that the environment may name.
    with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
        status: int = answer.status
        return status
