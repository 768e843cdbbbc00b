"""Sources fetched by geventhttpclient, each in a greenlet.

The greenlets live on a hub in one thread of their own. Nothing is monkey-patched: the
rest of the process knows nothing of them.
"""

import asyncio
from functools import partial
from typing import Any, Final, TypeAlias, final

from geventhttpclient.response import HTTPParseError
from yarl import URL

from prilavok.clients.json_sources.addresses import Endpoint
from prilavok.clients.json_sources.body import BodyReader, check_status
from prilavok.clients.json_sources.failures import not_connected
from prilavok.clients.json_sources.greenlet_pool import GuardedClient
from prilavok.clients.json_sources.greenlet_thread import GreenletCall, GreenletThread
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.port import (
    CHUNK_BYTES,
    request_headers,
)
from prilavok.domain.source_items import SourceTarget

Future: TypeAlias = asyncio.Future[bytes]
BROKEN: Final = (HTTPParseError, OSError, RuntimeError, ValueError)


@final
class GreenletsFetcher:
    """One hub, and a client with kept connections for each server."""

    def __init__(self, lookups: Lookups, limit: int) -> None:
        """Start the hub's thread."""
        self._lookups = lookups
        self._limit = limit
        self._thread = GreenletThread()
        self._clients: dict[URL, GuardedClient] = {}

    async def fetch(self, target: SourceTarget) -> bytes:
        """Fetch once, or raise ``FetchFailed``."""
        future: Future = asyncio.get_running_loop().create_future()
        call = GreenletCall(partial(self._run, target, future))
        self._thread.call(call.start)
        try:
            return await future
        finally:
            self._thread.call(call.end)

    async def close(self) -> None:
        """Close the connections that were kept."""
        self._thread.call(self._close_all)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.close)

    def _close_all(self) -> None:
        for client in self._clients.values():
            client.close()

    def _run(self, target: SourceTarget, future: Future) -> None:
        loop = future.get_loop()
        try:
            body = self._fetch(target)
        except Exception as error:
            # Whatever it is: somebody waits for it.
            loop.call_soon_threadsafe(_fail, future, error)
        else:
            loop.call_soon_threadsafe(_succeed, future, body)

    def _fetch(self, target: SourceTarget) -> bytes:
        try:
            return self._read(target)
        except BROKEN as error:
            raise not_connected(error) from error

    def _read(self, target: SourceTarget) -> bytes:
        url = URL(target.url)
        response = self._client(url).request(
            "GET",
            url.raw_path_qs,
            headers=request_headers(target),
        )
        try:
            return _body(response)
        finally:
            response.release()

    def _find(self, host: str, port: int) -> list[Endpoint]:
        return self._thread.wait(self._lookups.find_outside(host, port))

    def _client(self, url: URL) -> GuardedClient:
        origin = url.origin()
        client = self._clients.pop(origin, None)
        if client is None:
            client = GuardedClient(origin, self._find, self._limit)
        # The one in use last stands last.
        self._clients[origin] = client
        if len(self._clients) > self._limit:
            # Of a source that has moved: no more are asked at once.
            self._clients.pop(next(iter(self._clients))).close()
        return client


def _body(response: Any) -> bytes:
    check_status(response.status_code)
    found = response.get("content-encoding", "")
    # Of several lines it is a list.
    body = BodyReader(found if isinstance(found, str) else ",".join(found))
    chunk = response.read(CHUNK_BYTES)
    while chunk:
        body.feed(chunk)
        chunk = response.read(CHUNK_BYTES)
    return body.finish()


def _succeed(future: Future, body: bytes) -> None:
    if not future.done():
        future.set_result(body)


def _fail(future: Future, error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
