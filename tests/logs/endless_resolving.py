"""A process that finds countries, three visitors a batch, until it is killed.

It says every batch on standard output.
"""

import asyncio
import sys
from ipaddress import ip_address
from itertools import cycle
from typing import Final

from prilavok.domain.countries import CountrySource
from prilavok.repositories.engine import create_engine
from tests.country_desk import CountryDesk
from tests.shop_logs import KnownCountries

GERMAN: Final = "DE"


async def main(url: str, *addresses: str) -> None:
    """Find one provider's countries, then another's, and so on."""
    desk = CountryDesk(create_engine(url))
    countries = dict.fromkeys(map(ip_address, addresses), GERMAN)
    providers = [
        KnownCountries(known, CountrySource(name, name))
        for name, known in (("all", countries), ("nobody", {}))
    ]
    for provider in cycle(providers):
        while settled := await desk.service(provider).resolve(seconds=-1):
            sys.stdout.write(f"{settled}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
