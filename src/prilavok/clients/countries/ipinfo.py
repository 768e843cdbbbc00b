"""Countries by https://ipinfo.io, asked with a token."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final, final

from aiohttp import ClientTimeout
from ipinfo.handler_async import AsyncHandler

from prilavok.clients.countries.ipinfo_exchange import Exchange
from prilavok.clients.countries.provider import CountriesUnanswered
from prilavok.domain.countries import CountryFailure, CountrySource, Located

SOURCE: Final = CountrySource("ipinfo", "ipinfo")
# The most that ipinfo takes at once.
BATCH_SIZE: Final = 1000
SECONDS: Final = 10


@final
class IpinfoCountries:
    """Asks ipinfo; what must not be asked (private addresses) the caller knows."""

    def __init__(self, token: str, seconds: float = SECONDS) -> None:
        """Ask with this token, and wait so long for an answer."""
        self._token = token
        self._timeout = ClientTimeout(total=seconds)

    @property
    def source(self) -> CountrySource:
        """Name ipinfo; its data change daily, and nobody can see how."""
        return SOURCE

    @property
    def is_remote(self) -> bool:
        """Every answer costs part of the quota."""
        return True

    @property
    def batch_size(self) -> int:
        """Return what ipinfo sets as limit."""
        return BATCH_SIZE

    async def locate(self, addresses: Sequence[str]) -> Located:
        """Ask once, and once more for what was left out; that has no country then.

        Raises ``CountriesUnanswered`` when nothing came. Where the second question has
        no answer at all, what was left out stays open.
        """
        found = await self._ask(addresses)
        left_out = [one for one in addresses if one not in found]
        if left_out:
            found |= await self._ask_again(left_out)
        return Located(SOURCE, found)

    async def _ask_again(self, addresses: Sequence[str]) -> dict[str, str | None]:
        nowhere = dict.fromkeys(addresses)
        try:
            return nowhere | await self._ask(addresses)
        except CountriesUnanswered as failure:
            return nowhere if failure.reason is CountryFailure.GARBAGE else {}

    async def _ask(self, addresses: Sequence[str]) -> dict[str, str | None]:
        exchange = Exchange()
        handler: Any = AsyncHandler(self._token)
        handler.httpsess = exchange.open_session(self._timeout)
        try:
            told = await handler.getBatchDetails(
                addresses,
                timeout_per_batch=self._timeout,
                # Raised errors would be lost in a task of the library's.
                raise_on_fail=False,
            )
        finally:
            exchange.close()
            await handler.deinit()
        found = _match(addresses, told)
        if addresses and not found:
            raise exchange.failure()
        return found


def _match(
    addresses: Sequence[str],
    told: Mapping[str, Any],
) -> dict[str, str | None]:
    """Find the addresses again, which can be written in several ways."""
    known = {ip_address(name): entry for name, entry in told.items()}
    asked = ((one, ip_address(one)) for one in addresses)
    return {one: _country(known[address]) for one, address in asked if address in known}


def _country(entry: Any) -> str | None:
    # The library's own word for addresses that it does not ask for is no mapping.
    return entry["country"] or None if isinstance(entry, dict) else None
