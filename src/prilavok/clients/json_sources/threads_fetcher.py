"""Sources fetched by urllib3, each in a thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import final

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ProtocolError

from prilavok.clients.json_sources.body import BodyReader, check_status
from prilavok.clients.json_sources.failures import not_connected
from prilavok.clients.json_sources.guarded_pool import guarded_pools
from prilavok.clients.json_sources.lifeline import LIFELINE, Lifeline
from prilavok.clients.json_sources.lookups import Lookups
from prilavok.clients.json_sources.port import CHUNK_BYTES, request_headers
from prilavok.domain.source_items import SourceTarget


@final
class ThreadsFetcher:
    """As many threads as sources are asked at once, and one pool of connections."""

    def __init__(self, lookups: Lookups, limit: int) -> None:
        """Prepare for ``limit`` threads; they start when they are needed."""
        self._lookups = lookups
        self._threads = ThreadPoolExecutor(limit, "sources")
        self._pools = guarded_pools(limit)

    async def fetch(self, target: SourceTarget) -> bytes:
        """Fetch once, or raise ``FetchFailed``."""
        lifeline = Lifeline(self._lookups)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._threads,
                self._fetch,
                target,
                lifeline,
            )
        except asyncio.CancelledError:
            lifeline.cut()
            raise

    async def close(self) -> None:
        """Close the connections that were kept."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._pools.clear()

    def _fetch(self, target: SourceTarget, lifeline: Lifeline) -> bytes:
        LIFELINE.set(lifeline)
        try:
            return self._read_again(target, lifeline)
        except (HTTPError, OSError, ValueError) as error:
            raise not_connected(error) from error
        finally:
            lifeline.let_go()

    def _read_again(self, target: SourceTarget, lifeline: Lifeline) -> bytes:
        """Once more, when the server had closed the connection that was kept."""
        try:
            return self._read(target)
        except ProtocolError:
            if not lifeline.is_kept:
                raise
        return self._read(target)

    def _read(self, target: SourceTarget) -> bytes:
        response = self._pools.request(
            "GET",
            target.url,
            headers=request_headers(target),
            timeout=target.timeout_s,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return _body(response)
        finally:
            _let_go(response)


def _body(response: BaseHTTPResponse) -> bytes:
    check_status(response.status)
    body = BodyReader(response.headers.get("Content-Encoding"))
    chunk = response.read1(CHUNK_BYTES)
    while chunk:
        body.feed(chunk)
        chunk = response.read1(CHUNK_BYTES)
    return body.finish()


def _let_go(response: BaseHTTPResponse) -> None:
    """Keep the connection when its answer has been read to the end."""
    if response.closed:
        response.release_conn()
    else:
        response.close()
