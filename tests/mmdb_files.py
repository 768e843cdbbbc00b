"""Files in MaxMind's format, made up for a test."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmdb_writer import MMDBWriter
from netaddr import IPSet


def write_mmdb(
    path: Path,
    countries: Mapping[str, object],
    name: str = "Made-up-Country",
    version: int = 6,
) -> None:
    """Write a file that knows these networks; countries may be whole records.

    It takes the place of another at once, as those who publish such files advise.
    """
    writer = MMDBWriter(
        version,
        name,
        description="made up",
        ipv4_compatible=version == 6,
    )
    for network, country in countries.items():
        writer.insert_network(IPSet([network]), _record(country))
    fresh = path.with_suffix(".fresh")
    writer.to_db_file(str(fresh))
    fresh.replace(path)


def _record(country: object) -> Any:
    return country if isinstance(country, dict) else {"country": {"iso_code": country}}
