"""How many downloads of whole lists one user may have at once."""

from contextlib import AbstractContextManager
from typing import Final, final

from aiohttp import web

from prilavok.domain.errors import TooManyRequests
from prilavok.transport.keys import ACTOR
from prilavok.transport.user_slots import UserSlots

MAX_DOWNLOADS: Final = 2
RETRY_SECONDS: Final = 10
DOWNLOADS: Final = web.AppKey("downloads", UserSlots)


@final
class TooManyDownloads(TooManyRequests):
    """The user has as many downloads under way as they may have."""

    code = "too-many-downloads"


def one_download(request: web.Request) -> AbstractContextManager[None]:
    """Count a download for as long as the block runs; the third one is refused."""
    refusal = TooManyDownloads(
        f"{MAX_DOWNLOADS} downloads of yours are under way; wait for one to end.",
        RETRY_SECONDS,
    )
    slots = request.app[DOWNLOADS]
    return slots.one_more(request[ACTOR].user_id, MAX_DOWNLOADS, refusal)
