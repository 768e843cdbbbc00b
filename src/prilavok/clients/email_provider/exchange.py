"""Requests to a provider, and its answers, each of which may be anything."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, final

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    hdrs,
)
from yarl import URL

from prilavok.clients.email_provider.rate_limits import (
    Pause,
    limited,
    retry_seconds,
)
from prilavok.clients.email_provider.wire import EspBody, EspReply
from prilavok.domain.esp import EspMisconfigured, EspOutage, EspUnavailable

MAX_BYTES: Final = 65536
TOO_EARLY: Final = 425
LIMITED: Final = frozenset((TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS))
REFUSED: Final = frozenset(
    (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN),
)


@final
class Exchange:
    """Asks one provider, and raises for every answer that means the same with all."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        headers: Mapping[str, str],
    ) -> None:
        """Take the API's address without a slash at its end, and our credentials."""
        self._session = session
        self._base_url = base_url
        self._headers = headers
        self._pause = Pause()

    async def ask(
        self,
        method: str,
        path: str,
        body: EspBody | None = None,
    ) -> EspReply:
        """Return the answer, or raise a leaf of ``EspUnavailable``.

        ``path`` is percent-encoded and may hold a query. Raised are limits, refused
        credentials, redirects, 5xx, and what is no answer. No text and no traceback
        holds the path: an email may stand in it.
        """
        self._pause.check()
        try:
            return await self._ask(method, path, body)
        except TimeoutError:
            raise EspOutage("It did not answer in time.") from None
        except (ClientError, OSError, ValueError) as error:
            name = type(error).__name__
            raise EspOutage(f"The connection to it failed: {name}.") from None

    async def _ask(self, method: str, path: str, body: EspBody | None) -> EspReply:
        headers = dict(self._headers)
        if body is not None:
            headers[hdrs.CONTENT_TYPE] = body.content_type
        async with self._session.request(
            method,
            URL(f"{self._base_url}{path}", encoded=True),
            data=None if body is None else body.encoded,
            headers=headers,
            allow_redirects=False,
        ) as response:
            self._check(response)
            return EspReply(response.status, await _read(response))

    def _check(self, response: ClientResponse) -> None:
        self._pause.heed(response.headers)
        seconds = retry_seconds(response.headers)
        if response.status in LIMITED:
            self._pause.begin(seconds)
            raise limited(seconds)
        failure = _failure(response.status, seconds)
        if failure is not None:
            raise failure


def _failure(status: int, seconds: int) -> EspUnavailable | None:
    """Describe what means the same whatever was asked."""
    if status in REFUSED:
        return EspMisconfigured(f"It refused our credentials: it answered {status}.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return EspOutage(f"It failed: it answered {status}.", seconds)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return EspOutage(f"It redirects us ({status}), which ESP_URL should not do.")
    return None


async def _read(response: ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise EspOutage(f"Its answer is larger than {MAX_BYTES} bytes.")
    return bytes(body)
