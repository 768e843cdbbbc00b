"""The adapter of files in MaxMind's format."""

from pathlib import Path
from typing import Final

import pytest

from prilavok.clients.countries.mmdb import MmdbCountries
from prilavok.clients.countries.opening import open_countries
from prilavok.clients.countries.provider import (
    CountriesUnanswered,
    CountryDataUnusable,
)
from tests.mmdb_files import write_mmdb

RECORDS: Final = {
    "1.1.1.0/24": "DE",
    "2001:db8::/32": "AT",
    "2.0.0.0/8": {"country": "France", "country_code": "FR"},
    "3.0.0.0/8": {"country": "US"},
    "4.0.0.0/8": {"country": {"iso_code": "Atlantis"}},
    "5.0.0.0/8": {"country": ["DE"]},
    "6.0.0.0/8": {"continent": {"code": "EU"}},
}
ASKED: Final = ("1.1.1.1", "2001:db8::1", "2.0.0.1", "3.0.0.1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a file."""
    written = tmp_path / "countries.mmdb"
    write_mmdb(written, RECORDS)
    return written


async def ask(provider: MmdbCountries, *addresses: str) -> list[str | None]:
    """Return the countries."""
    located = await provider.locate(addresses)
    assert located.source == provider.source
    return list(located.countries.values())


async def test_records_of_several_makers(path: Path) -> None:
    """What is no country of ISO 3166 is none; unknown networks have none."""
    provider = MmdbCountries(path)
    others = ("4.0.0.1", "5.0.0.1", "6.0.0.1", "7.0.0.1", "10.0.0.1", "2a00::1")

    assert await ask(provider, *ASKED) == ["DE", "AT", "FR", "US"]
    assert set(await ask(provider, *others)) == {None}
    assert provider.source.title.startswith("Made-up-Country of 20")


async def test_file_may_know_one_kind_of_addresses(path: Path) -> None:
    """The others have no country then."""
    write_mmdb(path, {"1.1.1.0/24": "DE"}, version=4)

    assert await ask(MmdbCountries(path), "1.1.1.1", "2001:db8::1") == ["DE", None]


async def test_replaced_file_is_another_source(path: Path) -> None:
    """Even when it was built in the same second."""
    provider = MmdbCountries(path)
    before, told = provider.source, await ask(provider, "1.1.1.1")
    write_mmdb(path, {"1.1.1.0/24": "CH"})

    assert (told, await ask(provider, "1.1.1.1")) == (["DE"], ["CH"])
    assert provider.source.key != before.key


async def test_overwritten_file_ends_nothing(path: Path) -> None:
    """Half a file, none, or nonsense: the one before goes on telling countries."""
    provider = MmdbCountries(path)
    whole = path.read_bytes()
    before, told = provider.source, await ask(provider, *ASKED)
    for spoilt in (b"", whole[: len(whole) // 2], b"what?" * 1000):
        path.write_bytes(spoilt)
        assert await ask(provider, *ASKED) == told
        assert provider.source == before
    path.unlink()
    assert await ask(provider, *ASKED) == told
    path.write_bytes(whole)
    assert await ask(provider, *ASKED) == told


async def test_file_that_is_spoilt_before_its_first_use(path: Path) -> None:
    """Nobody knows then, until it is there again."""
    provider = MmdbCountries(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    with pytest.raises(CountriesUnanswered):
        await provider.locate(ASKED)
    path.write_bytes(whole)

    assert (await ask(provider, "1.1.1.1")) == ["DE"]


@pytest.mark.parametrize("spoil", ["missing", "empty", "text", "folder"])
def test_what_is_no_such_file_is_refused(path: Path, spoil: str) -> None:
    """In words that name the setting."""
    path.unlink()
    if spoil == "folder":
        path.mkdir()
    elif spoil != "missing":
        path.write_text("" if spoil == "empty" else "what?" * 100)
    with pytest.raises(CountryDataUnusable, match="COUNTRIES_MMDB: "):
        open_countries(None, path)


def test_token_wins_over_file_and_file_over_table(path: Path) -> None:
    """The file is not even opened where a token is set."""
    assert open_countries("token", Path("nowhere")).source.key == "ipinfo"
    assert open_countries("", path).source.key.startswith("mmdb Made-up")
    assert open_countries(None, None).source.title.startswith("GeoLite2 of June 2024")
