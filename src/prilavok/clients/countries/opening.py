"""Choosing who tells countries."""

from importlib import import_module
from pathlib import Path

from prilavok.clients.countries.mmdb import MmdbCountries
from prilavok.clients.countries.offline import OfflineCountries
from prilavok.clients.countries.provider import CountryProvider


def open_countries(token: str | None, mmdb: Path | None) -> CountryProvider:
    """Return ipinfo where there is a token, else the file, else the offline table.

    Raises ``CountryDataUnusable`` for a file that is none.
    """
    if token:
        # Takes as long to import as all the rest, so only who needs it waits for it.
        module = import_module("prilavok.clients.countries.ipinfo")
        provider: CountryProvider = module.IpinfoCountries(token)
        return provider
    return MmdbCountries(mmdb) if mmdb else OfflineCountries()
