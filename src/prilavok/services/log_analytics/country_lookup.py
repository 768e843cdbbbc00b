"""What is known of addresses' countries at once, without asking anybody far away."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from prilavok.clients.countries.provider import CountriesUnanswered, CountryProvider
from prilavok.domain.countries import (
    NOBODY,
    CountrySource,
    Located,
    country_number,
    may_have_country,
)
from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.services.log_analytics.must_write import require_lock


class Recalled(NamedTuple):
    """Countries that are known, and since when the oldest is, where that matters."""

    located: Located
    oldest: datetime | None = None


class NewCountries(NamedTuple):
    """A number for each address, and who told it; 0 for both: nobody yet."""

    countries: list[int]
    sources: list[int]


async def load_countries(provider: CountryProvider) -> None:
    """Let a provider that has its data here load them."""
    if not provider.is_remote:
        with suppress(CountriesUnanswered):
            await provider.locate(())


async def locate_new(
    logs: LogRepositories,
    provider: CountryProvider,
    addresses: Sequence[str],
) -> NewCountries:
    """Look up visitors who come for the first time; none of them waits for it.

    Who is left without an answer is found later by ``CountryService``. The provider
    becomes the one in use; raises ``MustWrite`` where it is not yet, or where its
    answers have an age, and the repositories hold no lock.
    """
    if not addresses:
        return NewCountries([], [])
    if provider.is_remote:
        require_lock(logs)
    recalled = await recall(logs, provider, addresses)
    known = recalled.located.countries
    number = await _number_source(logs, recalled.located.source)
    if recalled.oldest is not None:
        await logs.countries.sources.note_age(number, recalled.oldest)
    return NewCountries(
        [country_number(known.get(address)) for address in addresses],
        [number if address in known else NOBODY for address in addresses],
    )


async def _number_source(logs: LogRepositories, source: CountrySource) -> int:
    number = await logs.countries.sources.find_current(source)
    if number is not None:
        return number
    require_lock(logs)
    return await logs.countries.sources.adopt(source)


async def recall(
    logs: LogRepositories,
    provider: CountryProvider,
    addresses: Sequence[str],
) -> Recalled:
    """Return what costs no request: everything, unless the provider is remote."""
    if provider.is_remote:
        asked = list(filter(may_have_country, addresses))
        nowhere = dict.fromkeys(set(addresses).difference(asked))
        kept = await logs.countries.answers.find(asked)
        return Recalled(
            Located(provider.source, nowhere | dict(kept.countries)),
            kept.oldest,
        )
    try:
        return Recalled(await provider.locate(addresses))
    except CountriesUnanswered:
        return Recalled(Located(provider.source, {}))
