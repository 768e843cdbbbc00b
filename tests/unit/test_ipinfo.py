"""ipinfo's adapter: what it asks, and what it makes of whatever comes back."""

import gc
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from ipinfo import handler_async

from prilavok.clients.countries.ipinfo import IpinfoCountries
from prilavok.clients.countries.provider import CountriesUnanswered
from prilavok.domain.countries import CountryFailure
from tests.ipinfo_stub import TOKEN, Always, Answer, IpinfoStub, hang, open_stub

COUNTRIES: Final = {"8.8.8.8": "US", "2a02:6b8::1": "RU", "5.9.0.1": "DE"}
ASKED: Final = (*COUNTRIES, "9.9.9.9")
LARGE: Final = "x" * (9 * 2**20)


@pytest.fixture
async def stub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IpinfoStub]:
    """Stand in for ipinfo."""
    async with open_stub(monkeypatch, COUNTRIES) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_error_is_lost(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The library works in tasks whose errors nobody looks at."""
    # What tests before have left is no concern of ours, and would take a second.
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()
    assert "never retrieved" not in caplog.text


async def failure(token: str = TOKEN, seconds: float = 5) -> CountriesUnanswered:
    """Ask, and return why there was no answer."""
    try:
        await IpinfoCountries(token, seconds).locate(ASKED)
    except CountriesUnanswered as error:
        assert token not in error.detail
        return error
    raise AssertionError("There was an answer.")


async def answer_once(stub: IpinfoStub, addresses: list[str]) -> web.StreamResponse:
    """Answer the first address, and fail from then on."""
    stub.answer = Always(500, {})
    return web.json_response({addresses[0]: stub.entry(addresses[0])})


async def test_a_batch_is_one_request(stub: IpinfoStub) -> None:
    """An address without a country has none; other ways of writing it are the same."""
    stub.countries["9.9.9.9"] = ""
    located = await IpinfoCountries(TOKEN).locate((*ASKED, "2001:4860::8888"))

    assert located.countries == {
        **COUNTRIES,
        "9.9.9.9": None,
        "2001:4860::8888": None,
    }
    assert stub.asked == [[*ASKED, "2001:4860::8888"]]


async def test_answer_may_write_addresses_in_its_own_way(stub: IpinfoStub) -> None:
    """IPv6 has many."""
    stub.answer = Always(200, {"2A02:06B8:0::1": {"ip": "x", "country": "RU"}})
    located = await IpinfoCountries(TOKEN).locate(["2a02:6b8::1"])

    assert located.countries == {"2a02:6b8::1": "RU"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Always(429, {}, Retry_After="120"), CountryFailure.QUOTA),
        (Always(429, "too much"), CountryFailure.QUOTA),
        (Always(401, {}), CountryFailure.WRONG_TOKEN),
        (Always(403, {}), CountryFailure.WRONG_TOKEN),
        (Always(500, "<html>"), CountryFailure.OUTAGE),
        (Always(503, {}, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"), "outage"),
        (Always(404, {}), CountryFailure.OUTAGE),
        (Always(200, {}), CountryFailure.GARBAGE),
        (Always(200, "<html>"), CountryFailure.GARBAGE),
        (Always(200, ""), CountryFailure.GARBAGE),
        (Always(200, "[1]"), CountryFailure.GARBAGE),
        (Always(200, "null"), CountryFailure.GARBAGE),
        (Always(200, LARGE), CountryFailure.GARBAGE),
        (Always(200, {one: None for one in ASKED}), CountryFailure.GARBAGE),
        (Always(200, {one: {} for one in ASKED}), CountryFailure.GARBAGE),
        (Always(200, {one: {"country": 7} for one in ASKED}), "garbage"),
        (Always(200, {one: {"country": ["DE"]} for one in ASKED}), "garbage"),
        (Always(200, {one: {"country": "Atlantis"} for one in ASKED}), "garbage"),
        (Always(200, {"nobody": {"ip": "8.8.8.8", "country": "US"}}), "garbage"),
    ],
)
async def test_every_failure_has_its_name(
    stub: IpinfoStub,
    answer: Answer,
    reason: CountryFailure,
) -> None:
    """Quota, token, outage and garbage are told apart."""
    stub.answer = answer

    assert (await failure()).reason == reason


async def test_wish_to_be_left_in_peace_is_told(stub: IpinfoStub) -> None:
    """In seconds, or as a date."""
    stub.answer = Always(429, {}, Retry_After="120")
    seconds = (await failure()).retry_after
    stub.answer = Always(429, {}, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT")
    until_then = (await failure()).retry_after
    stub.answer = Always(429, {}, Retry_After="soon")

    assert seconds == 120
    assert until_then is not None
    assert until_then > 10**8
    assert (await failure()).retry_after is None


async def test_wrong_token(stub: IpinfoStub) -> None:
    """It is neither asked again nor shown."""
    assert (await failure("another")).reason is CountryFailure.WRONG_TOKEN
    assert not stub.asked


async def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library answers with nothing then."""
    url = f"http://127.0.0.1:{unused_port()}"
    monkeypatch.setattr(handler_async, "API_URL", url)

    assert (await failure()).reason is CountryFailure.OUTAGE


async def test_waiting_has_an_end(stub: IpinfoStub) -> None:
    """Also when the answer stops in the middle."""
    stub.answer = hang
    silent = await failure(seconds=0.2)
    stub.answer = Always(200, "{", Content_Length="9")
    cut = await failure(seconds=0.5)

    assert silent.reason is CountryFailure.OUTAGE
    assert cut.reason is CountryFailure.OUTAGE


async def test_what_is_wrong_spoils_nothing_else(stub: IpinfoStub) -> None:
    """Who is left out is asked for once more, and has no country then."""
    wrong: dict[str, Any] = {"8.8.8.8": {"country": None}, "5.9.0.1": 7}
    right = {"2a02:6b8::1": {"ip": "2a02:6b8::1", "country": "RU", "loc": 7}}
    stub.answer = Always(200, right | wrong)
    located = await IpinfoCountries(TOKEN).locate(ASKED)

    assert located.countries == {**dict.fromkeys(ASKED), "2a02:6b8::1": "RU"}
    assert stub.asked == [list(ASKED), ["8.8.8.8", "5.9.0.1", "9.9.9.9"]]


async def test_what_is_left_out_stays_open_during_an_outage(stub: IpinfoStub) -> None:
    """Only an answer can say that an address has no country."""
    stub.answer = partial(answer_once, stub)
    located = await IpinfoCountries(TOKEN).locate(ASKED)

    assert located.countries == {"8.8.8.8": "US"}
    assert len(stub.asked) == 2
