"""How many downloads of whole lists one user may have at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, final

from aiohttp import web

from prilavok.domain.errors import TooManyRequests
from prilavok.transport.keys import ACTOR

MAX_DOWNLOADS: Final = 2
RETRY_SECONDS: Final = 10


@final
class TooManyDownloads(TooManyRequests):
    """The user has as many downloads under way as he may have."""

    code = "too-many-downloads"


@final
class Downloads(Counter[object]):
    """Downloads under way in this process, by user."""


DOWNLOADS: Final = web.AppKey("downloads", Downloads)


@contextmanager
def one_download(request: web.Request) -> Iterator[None]:
    """Count a download for as long as the block runs; the third one is refused."""
    downloads, user_id = request.app[DOWNLOADS], request[ACTOR].user_id
    if downloads[user_id] >= MAX_DOWNLOADS:
        raise TooManyDownloads(
            f"{MAX_DOWNLOADS} downloads of yours are under way; wait for one to end.",
            RETRY_SECONDS,
        )
    downloads.update((user_id,))
    try:
        yield
    finally:
        downloads.subtract((user_id,))
        if not downloads[user_id]:
            downloads.pop(user_id)
