"""Made-up logs look like a shop's, and are made quickly."""

from collections import Counter
from typing import Final

import pytest

from prilavok.clients.countries.offline import OfflineCountries
from prilavok.services.log_analytics.generator.shop import NETWORKS
from tests.logs.expected_carts import cart_tables
from tests.logs.made_up import made_up_log
from tests.logs.reference_parser import read_log

LINES: Final = 30_000
FIRST_ID: Final = 10**12


@pytest.mark.parametrize("lines", [0, 1, 7, 1000])
def test_there_are_exactly_as_many_lines_as_asked(lines: int) -> None:
    """All of them valid, in the order of time, each with a key of its own."""
    log = read_log(made_up_log(lines))

    assert (log.lines, log.refusals) == (lines, [])
    assert [one.at for one in log.requests] == sorted(one.at for one in log.requests)
    assert len({one.key for one in log.requests}) == lines


def test_same_plan_makes_the_same_log() -> None:
    """Another seed makes another one."""
    assert made_up_log(500, seed=1) == made_up_log(500, seed=1)
    assert made_up_log(500, seed=1) != made_up_log(500, seed=2)


async def test_shop_is_a_busy_one() -> None:
    """Every report has something to say, and ids are far from real ones."""
    events = read_log(made_up_log(LINES)).requests
    carts = cart_tables(events)["carts"]
    buyers = Counter(cart[3] for cart in carts if cart[2])
    ids = {one for event in events for one in event.carried if one is not None}
    addresses = [event.address for event in events]
    located = await OfflineCountries().locate(addresses)
    countries = set(located.countries.values())

    assert {event.kind for event in events} == {
        "INDEX",
        "CATEGORY",
        "GOODS",
        "CART",
        "PAY",
        "SUCCESS",
        "OTHER",
    }
    assert len(countries) == len(NETWORKS)
    assert None not in countries
    assert max(buyers.values()) > 1
    assert any(cart[2] is None for cart in carts)
    assert any(len(cart[6]) > 1 for cart in carts)
    assert {one for one in ids if one < FIRST_ID} == {1, 2, 3, 4}  # amounts
    assert {"fresh_fish", "frozen_fish", "semi_manufactures"} < {
        event.category for event in events
    }
