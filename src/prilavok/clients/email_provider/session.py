"""The HTTP session that all requests to a provider share."""

from types import MappingProxyType
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, hdrs

CONNECTIONS: Final = 50
# Less than servers keep an idle connection (5 s with most). A POST on one that they
# have just closed would fail: it is never sent twice by itself.
KEEP_SECONDS: Final = 4
HEADERS: Final = MappingProxyType(
    {
        hdrs.ACCEPT: "application/json",
        # So that no small answer unpacks to a large one.
        hdrs.ACCEPT_ENCODING: "identity",
        hdrs.USER_AGENT: "prilavok",
    },
)


def open_session() -> ClientSession:
    """Open what all requests to a provider share; needs a running loop.

    It sets no time limit: the caller of an adapter does, once for all its requests.
    """
    return ClientSession(
        connector=TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_SECONDS),
        cookie_jar=DummyCookieJar(),
        headers=HEADERS,
        timeout=ClientTimeout(total=None),
        auto_decompress=False,
    )
