"""One exchange with ipinfo, of which its library tells too little.

Whatever happens to a batch, the library (5.6) answers with ``{}`` and one entry of a
wrong form spoils all others. So we look at each answer before the library does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any, Final, cast, final

import orjson
from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TraceConfig,
    TraceRequestEndParams,
    hdrs,
)
from typing_extensions import override

from prilavok.clients.countries.provider import CountriesUnanswered
from prilavok.domain.clock import utc_now
from prilavok.domain.countries import CountryFailure, read_code

# A thousand entries have about half a million bytes.
MAX_BYTES: Final = 8 * 1024 * 1024
CHUNK_BYTES: Final = 65_536
REFUSED: Final = frozenset((HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))


@final
class CheckedResponse(ClientResponse):
    """An answer of which only what is right is read, and no more than the limit."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        """Nothing of it was read yet."""
        super().__init__(*parts, **options)
        self.is_cut = False

    @override
    async def json(self, **options: Any) -> dict[str, dict[str, str]]:
        """Return the entries that have the form they must have."""
        body = bytearray()
        try:
            async for chunk in self.content.iter_chunked(CHUNK_BYTES):
                body += chunk
                if len(body) > MAX_BYTES:
                    return {}
        except (ClientError, TimeoutError):
            self.is_cut = True
            return {}
        return read_entries(bytes(body))


@final
@dataclass(slots=True)
class Exchange:
    """Remembers how ipinfo answered, if it did."""

    response: CheckedResponse | None = None

    def open_session(self, timeout: ClientTimeout) -> ClientSession:
        """Open a session for one request, and watch it."""
        trace = TraceConfig()
        trace.on_request_end.append(self._remember)
        return ClientSession(
            timeout=timeout,
            trace_configs=[trace],
            response_class=CheckedResponse,
        )

    def failure(self) -> CountriesUnanswered:
        """Say why nothing came that can be used."""
        if self.response is None or self.response.is_cut:
            return CountriesUnanswered(
                CountryFailure.OUTAGE,
                "ipinfo did not answer, or not in time.",
            )
        status = self.response.status
        reason, detail = _judge(status)
        wait = _seconds(self.response.headers.get(hdrs.RETRY_AFTER, ""))
        return CountriesUnanswered(reason, detail.format(status), wait)

    def close(self) -> None:
        """Let go of what was not read."""
        if self.response is not None:
            self.response.close()

    async def _remember(
        self,
        session: ClientSession,
        context: SimpleNamespace,
        ended: TraceRequestEndParams,
    ) -> None:
        self.response = cast(CheckedResponse, ended.response)


def _judge(status: int) -> tuple[CountryFailure, str]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return CountryFailure.QUOTA, "The quota of IPINFO_TOKEN is used up."
    if status in REFUSED:
        return CountryFailure.WRONG_TOKEN, "ipinfo does not accept IPINFO_TOKEN."
    if status >= HTTPStatus.BAD_REQUEST:
        return CountryFailure.OUTAGE, "ipinfo answered with {0}."
    return CountryFailure.GARBAGE, "What ipinfo answered are no countries."


def read_entries(body: bytes) -> dict[str, dict[str, str]]:
    """Read addresses with their ``country``, empty where there is none."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    entries = told.items() if isinstance(told, dict) else ()
    return {
        name: {"country": entry.get("country") or ""}
        for name, entry in entries
        if _is_address(name) and _is_entry(entry)
    }


def _is_entry(entry: object) -> bool:
    """Accept a country, or the word that an address has none."""
    if not isinstance(entry, Mapping):
        return False
    country = entry.get("country")
    return read_code(country) is not None if country else _is_address(entry.get("ip"))


def _is_address(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(str(ip_address(text)))
    except ValueError:
        return False


def _seconds(retry_after: str) -> float | None:
    """Read seconds or a date; None for neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return (parsedate_to_datetime(retry_after) - utc_now()).total_seconds()
    except (TypeError, ValueError):
        return None
