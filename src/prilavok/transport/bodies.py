"""Which bodies a route reads, told before the client sends one."""

from collections.abc import Iterable
from typing import Any, Final, final

from aiohttp import HttpVersion11, hdrs, web

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
# What a body may be packed by; aiohttp unpacks it while reading.
CODINGS: Final = ("identity", "gzip", "deflate")
UTF: Final = frozenset(("utf-8", "utf8"))
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
ACCEPT_PATCH: Final = "Accept-Patch"
# What the header Expect said; kept from aiohttp, which would answer it at once.
EXPECTED: Final = web.RequestKey("expected", str)


@final
class UnsupportedBody(web.HTTPUnsupportedMediaType):
    """A body of a kind that the route does not read; it tells which ones it does."""

    def __init__(self, request: web.Request, kinds: Iterable[str]) -> None:
        """Name them as RFC 9110 and, for PATCH, RFC 5789 have it."""
        named = ", ".join(kinds)
        headers: dict[str, str] = {
            hdrs.ACCEPT: named,
            hdrs.ACCEPT_ENCODING: ", ".join(CODINGS),
        }
        if request.method == hdrs.METH_PATCH:
            headers[ACCEPT_PATCH] = named
        super().__init__(headers=headers)


def json_kinds(method: str) -> tuple[str, ...]:
    """List the content types under which JSON comes."""
    return (JSON, MERGE_PATCH) if method == hdrs.METH_PATCH else (JSON,)


def check_json(request: web.Request) -> None:
    """Refuse what is not JSON in UTF-8, however that is spelled."""
    kinds = json_kinds(request.method)
    charset = (request.charset or "utf-8").lower()
    if request.content_type not in kinds or charset not in UTF:
        raise UnsupportedBody(request, kinds)
    check_coding(request, kinds)


def check_coding(request: web.Request, kinds: Iterable[str]) -> None:
    """Refuse what is packed in a way that nobody here unpacks."""
    coding = request.headers.get(hdrs.CONTENT_ENCODING, "identity")
    if coding.strip().lower() not in CODINGS:
        raise UnsupportedBody(request, kinds)


def take_expectation(make_request: Any, message: Any, *rest: Any) -> web.BaseRequest:
    """Make a request that aiohttp does not invite to send its body at once."""
    expected = message.headers.get(hdrs.EXPECT)
    if expected is None:
        request: web.BaseRequest = make_request(message, *rest)
        return request
    others = message.headers.copy()
    others.popall(hdrs.EXPECT)
    request = make_request(message._replace(headers=others), *rest)
    request[EXPECTED] = expected
    return request


def check_expectation(request: web.BaseRequest) -> None:
    """Refuse to do anything but to say when the body is welcome."""
    expected = request.get(EXPECTED, "100-continue")
    if request.version >= HttpVersion11 and expected.lower() != "100-continue":
        raise web.HTTPExpectationFailed


async def invite_body(request: web.Request) -> None:
    """Tell a client that waits for it that its body will be read now."""
    if EXPECTED not in request or request.version < HttpVersion11:
        return
    await request.writer.write(CONTINUE)
    # The answer itself has not begun.
    request.writer.output_size = 0
