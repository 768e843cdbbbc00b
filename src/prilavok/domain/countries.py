"""Countries by their two letters, ISO 3166 alpha-2, and as numbers in tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, final

UNKNOWN: Final = 0
LETTERS: Final = 2
# Stands at a visitor nobody has told the country of yet.
NOBODY: Final = 0
# More visitors that wait are not counted: reports would be as slow as their number.
MAX_COUNTED: Final = 100_000
# ISO 3166-1 of 2024, with EU, which it reserves and GeoLite2 tells of addresses that no
# single country of Europe has, and XK, which everybody uses for Kosovo.
CODES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM
    BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX
    CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF
    GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ
    IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU
    LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC
    NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD
    TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU
    WF WS XK YE YT ZA ZM ZW
    """.split(),
)
# Of the global unicast space, what IANA had given to nobody in 2024.
UNASSIGNED: Final = tuple(map(ip_network, ("2d00::/8", "2e00::/7", "3000::/4")))


@lru_cache(len(CODES) + 1)
def country_number(code: str | None) -> int:
    """Return ``256 * first + second`` of the letters' ASCII codes; 0 for None."""
    return UNKNOWN if code is None else int.from_bytes(code.encode("ascii"), "big")


def country_code(number: int) -> str | None:
    """Return the two letters of a country's number; None for 0."""
    return number.to_bytes(LETTERS, "big").decode("ascii") if number else None


def read_code(told: object) -> str | None:
    """Return the code if it is one, whatever a provider has told."""
    return told if isinstance(told, str) and told in CODES else None


def may_have_country(address: str) -> bool:
    """Tell whether the address is a public one: asking for others is a waste."""
    known = ip_address(address)
    if known.is_multicast or known.is_reserved or not known.is_global:
        return False
    if isinstance(known, IPv6Address) and known.ipv4_mapped is not None:
        return False
    return not any(known in network for network in UNASSIGNED)


@final
@dataclass(frozen=True, slots=True)
class CountrySource:
    """Who tells countries: ``key`` changes with its data, ``title`` is for people."""

    key: str
    title: str


@final
@dataclass(frozen=True, slots=True)
class Located:
    """Countries of addresses by their codes; None: the source knows of none.

    Addresses that were asked for and are missing got no answer. ``source``: whose data
    it was.
    """

    source: CountrySource
    countries: Mapping[str, str | None]


@unique
class CountryFailure(StrEnum):
    """Why countries were not told."""

    QUOTA = "quota"
    WRONG_TOKEN = "wrong-token"
    OUTAGE = "outage"
    GARBAGE = "garbage"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CountryStatus:
    """How far countries are known.

    ``source`` is None until one was used. ``unresolved``: visitors whose country it
    has not told yet, counted up to ``MAX_COUNTED``. ``failure``: why the last attempt
    did not succeed, with ``failures`` in a row, and no other before ``retry_at``.
    ``answers_since``: when the oldest of its answers came, where each is asked for.
    """

    source: str | None = None
    unresolved: int = 0
    failure: CountryFailure | None = None
    error: str | None = None
    failures: int = 0
    retry_at: datetime | None = None
    answers_since: datetime | None = None

    @property
    def trouble(self) -> str | None:
        """Say what is wrong, if anything is."""
        if self.retry_at is None:
            return None
        moment = self.retry_at.isoformat(timespec="seconds")
        return f"{self.error} Next attempt at {moment}."


def describe_source(title: str, answers_since: datetime | None) -> str:
    """Name a source with the age of its data."""
    if answers_since is None:
        return title
    day = answers_since.date().isoformat()
    return f"{title}, answers since {day}"
