"""Sources fetched by aiohttp on the event loop."""

import socket
from typing import Any, final

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    hdrs,
)

from prilavok.clients.json_sources.body import BodyReader, check_status
from prilavok.clients.json_sources.failures import not_connected
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.port import request_headers
from prilavok.domain.source_items import SourceTarget


@final
class AsyncioFetcher:
    """One shared session: connections are kept, cookies and redirects are not."""

    def __init__(self, lookups: Lookups, limit: int) -> None:
        """Prepare for ``limit`` connections at once; needs a running loop."""
        self._lookups = lookups
        self._session = ClientSession(
            connector=TCPConnector(
                limit=limit,
                resolver=lookups,
                socket_factory=self._open_socket,
            ),
            cookie_jar=DummyCookieJar(),
            # The caller's limit is the only one.
            timeout=ClientTimeout(total=None),
            # Unpacking must stop at our limit, not after it.
            auto_decompress=False,
        )

    async def fetch(self, target: SourceTarget) -> bytes:
        """Fetch once, or raise ``FetchFailed``."""
        try:
            async with self._session.get(
                target.url,
                headers=request_headers(target),
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except TimeoutError:
            raise
        except (ClientError, OSError, ValueError) as error:
            raise not_connected(error) from error

    async def close(self) -> None:
        """Close the connections that were kept."""
        await self._session.close()

    def _open_socket(self, endpoint: tuple[Any, ...]) -> socket.socket:
        """Check the very address that is connected to, literals included."""
        self._lookups.check(endpoint[-1][0])
        return socket.socket(*endpoint[:3])


async def _read(response: ClientResponse) -> bytes:
    check_status(response.status)
    codings = response.headers.getall(hdrs.CONTENT_ENCODING, ())
    body = BodyReader(",".join(codings))
    async for chunk in response.content.iter_any():
        body.feed(chunk)
    return body.finish()
