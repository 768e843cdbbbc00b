"""How sources misbehave: what they send and when, and what we must make of it."""

import gzip
import json
import zlib
from dataclasses import dataclass
from enum import Enum, unique
from types import MappingProxyType
from typing import Final, final

MEBIBYTE: Final = 1024 * 1024
SPACES: Final = b" " * 65536
# Where redirects lead that we must not follow.
CANARY: Final = "/canary"
GOOD: Final = b'[{"id": 1000, "name": "one"}]'


@unique
class Ending(Enum):
    """What the server does when it has nothing more to say."""

    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What is sent at once, after a pause; then ``again``, so many times.

    ``expected`` and ``kept``: the status we must report, the ids we must keep. Where
    clients may understand it otherwise, ``or_else`` is right, too.
    """

    expected: str
    or_else: str = ""
    sent: bytes = b""
    pause: float = 0
    again: bytes = b""
    every: float = 0
    times: int = 1_000_000
    ending: Ending = Ending.CLOSE
    kept: tuple[int, ...] = ()
    dropped: int = 0


def items(first: int, last: int) -> bytes:
    """Write a list of good items."""
    numbers = range(first, last + 1)
    listed = [{"id": number, "name": f"Test {number}"} for number in numbers]
    return json.dumps(listed).encode()


def head(status: str = "200 OK", **headers: object) -> bytes:
    """Write the lines before a body."""
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def answer(body: bytes, status: str = "200 OK", **headers: object) -> bytes:
    """Write a whole answer."""
    return head(status, Content_Length=len(body), **headers) + body


def says(
    expected: str,
    body: bytes,
    *kept: int,
    dropped: int = 0,
    **headers: str,
) -> Behaviour:
    """Answer in good form with this body."""
    sent = answer(body, "200 OK", **headers)
    return Behaviour(expected=expected, sent=sent, kept=kept, dropped=dropped)


CHUNKED: Final = head(Transfer_Encoding="chunked")
BOMB: Final = gzip.compress(bytes(100 * MEBIBYTE), compresslevel=9)
# Its bytes are more than its characters.
CROWDED_TEXT: Final = b"[%s{}]" % ('{"\xe9":0},'.encode() * 110_000)
MIXED: Final = (
    b'[{"name": "no id"}, {"id": "7", "name": "text"}, {"id": true, "name": "yes"},'
    b'{"id": 1.0, "name": "fraction"}, {"id": 8}, {"id": 9, "name": null}, null, [],'
    b'{"id": -5, "name": "below", "more": {"deep": [1]}}]'
)
TWICE: Final = b'[{"id": 1000, "name": "one"}, {"id": 1000, "name": "again"}]'
LARGEST: Final = b'[{"id": 18446744073709551615, "name": "-99999999999999999999"}]'
SMALLEST: Final = b'[{"id": -9223372036854775808, "name": "1e5"}]'
BEYOND: Final = b'[{"id": 9007199254740993, "name": "x", "more": 0.1}]'
NUMBER: Final = b'[{"id": 1, "name": "x", "more": %s}]'

RAW: Final = zlib.compress(GOOD)[2:-4]
MEMBERS: Final = gzip.compress(GOOD[:9]) + gzip.compress(b"") + gzip.compress(GOOD[9:])
TWO_LINES: Final = head(
    Content_Length=len(MEMBERS),
    Content_Encoding="identity\r\nContent-Encoding: gzip",
)

LONE: Final = json.dumps("\ud800").encode()

NEVER_COMPLETE: Final = MappingProxyType(
    {
        "hangs-before-headers": Behaviour(expected="timeout", ending=Ending.HANG),
        "hangs-in-headers": Behaviour(
            expected="timeout",
            sent=b"HTTP/1.1 200 OK\r\n",
            ending=Ending.HANG,
        ),
        "hangs-in-body": Behaviour(
            expected="timeout",
            sent=answer(GOOD)[:-1],
            ending=Ending.HANG,
        ),
        "drips-status": Behaviour(
            expected="timeout",
            sent=b"HTTP/1.1 200 ",
            again=b"O",
            every=0.05,
        ),
        "drips-headers": Behaviour(
            expected="timeout",
            sent=b"HTTP/1.1 200 OK\r\n",
            again=b"X: y\r\n",
            every=0.05,
        ),
        "drips-body": Behaviour(
            expected="timeout",
            sent=head(Content_Length=MEBIBYTE),
            again=b" ",
            every=0.05,
        ),
        "drips-chunks": Behaviour(
            expected="timeout",
            sent=CHUNKED,
            again=b"1\r\n \r\n",
            every=0.05,
        ),
        "continues-for-ever": Behaviour(
            expected="timeout",
            or_else="connect_error",
            again=b"HTTP/1.1 100 Continue\r\n\r\n",
            every=0.05,
        ),
    },
)
TOO_MUCH: Final = MappingProxyType(
    {
        "endless": Behaviour(expected="too_large", sent=head(), again=SPACES),
        "endless-chunks": Behaviour(
            expected="too_large",
            sent=CHUNKED,
            again=b"%x\r\n%s\r\n" % (len(SPACES), SPACES),
        ),
        "hundred-mebibytes": Behaviour(
            expected="too_large",
            sent=head(Content_Length=100 * MEBIBYTE),
            again=SPACES,
            times=1600,
        ),
        "one-byte-too-many": says("too_large", GOOD.ljust(MEBIBYTE + 1)),
        "gzip-bomb": says("too_large", BOMB, Content_Encoding="gzip"),
        "many-gzip-members": says(
            "too_large",
            gzip.compress(b"") * 1500,
            Content_Encoding="gzip",
        ),
        "a-million-objects": says("too_large", b"[%s{}]" % (b"{}," * 300_000)),
        "crowded-text": says("too_large", CROWDED_TEXT),
        "crowded-latin-1": says("bad_json", CROWDED_TEXT.replace(b"\xc3", b"")),
        "endless-headers": Behaviour(
            expected="connect_error",
            sent=b"HTTP/1.1 200 OK\r\n",
            again=b"X-Many: %s\r\n" % (b"y" * 4096),
        ),
        "endless-header": Behaviour(
            expected="connect_error",
            sent=b"HTTP/1.1 200 OK\r\nX-Long: ",
            again=SPACES.replace(b" ", b"y"),
        ),
    },
)
BAD_JSON: Final = MappingProxyType(
    {
        "empty": says("bad_json", b""),
        "html": says("bad_json", b"<!doctype html><h1>Hello</h1>"),
        "truncated": says("bad_json", GOOD[:-3]),
        "nan": says("bad_json", NUMBER % b"NaN"),
        "infinity": says("bad_json", NUMBER % b"1e999"),
        "huge-integer": says("bad_json", NUMBER % (b"9" * 5000)),
        "just-too-large": says("bad_json", NUMBER % b"18446744073709551616"),
        "just-too-small": says("bad_json", NUMBER % b"-9223372036854775809"),
        "deep": says("bad_json", b"[" * 500_000),
        "deep-and-closed": says("bad_json", b"[" * 40_000 + b"]" * 40_000),
        "utf-16": says("bad_json", GOOD.decode().encode("utf-16")),
        "latin-1": says("bad_json", '[{"id": 1, "name": "\xe9"}]'.encode("latin-1")),
        "lone-surrogate": says("bad_json", NUMBER % LONE),
        "two-documents": says("bad_json", GOOD + GOOD),
        "not-gzip": says("bad_json", GOOD, Content_Encoding="gzip"),
        "cut-gzip": says("bad_json", gzip.compress(GOOD)[:-9], Content_Encoding="gzip"),
        "cut-gzip-member": says("bad_json", MEMBERS[:-9], Content_Encoding="gzip"),
        "gzip-twice": says(
            "bad_json",
            gzip.compress(gzip.compress(GOOD)),
            Content_Encoding="gzip, gzip",
        ),
        "cut-raw-deflate": says("bad_json", RAW[:-1], Content_Encoding="deflate"),
        "marked-twice": says("bad_json", b"\xef\xbb\xbf" * 2 + GOOD),
        "unknown-coding": says("bad_json", GOOD, Content_Encoding="br"),
        "length-too-short": Behaviour(
            expected="bad_json",
            or_else="connect_error",
            sent=head(Content_Length=len(GOOD) - 5) + GOOD,
        ),
    },
)
BAD_SCHEMA: Final = MappingProxyType(
    {
        "null": says("bad_schema", b"null"),
        "object": says("bad_schema", b'{"items": %s}' % GOOD),
        "text": says("bad_schema", b'"[]"'),
        "no-ids": says("bad_schema", b'[{"name": "x"}, {"name": "y"}]'),
        "nested-list": says("bad_schema", b"[%s]" % GOOD),
    },
)
BROKEN: Final = MappingProxyType(
    {
        "no-answer": Behaviour(expected="connect_error"),
        "reset": Behaviour(expected="connect_error", ending=Ending.RESET),
        "reset-in-body": Behaviour(
            expected="connect_error",
            sent=answer(GOOD)[:-3],
            ending=Ending.RESET,
        ),
        "length-too-long": Behaviour(expected="connect_error", sent=answer(GOOD)[:-3]),
        "not-http": Behaviour(expected="connect_error", sent=b"SSH-2.0-OpenSSH_9\r\n"),
        "bad-chunks": Behaviour(expected="connect_error", sent=b"%szz\r\n" % CHUNKED),
    },
)
STATUSES: Final = MappingProxyType(
    {
        name: Behaviour(expected="http_error", sent=answer(GOOD, status, **headers))
        for name, status, headers in (
            ("created", "201 Created", {}),
            ("partial", "206 Partial Content", {}),
            ("not-found", "404 Not Found", {}),
            ("failed", "500 Internal Server Error", {}),
            ("redirects-round", "302 Found", {"Location": "/redirects-round"}),
            ("redirects-inwards", "307 Temporary Redirect", {"Location": CANARY}),
        )
    }
    | {
        "no-content": Behaviour(expected="http_error", sent=head("204 No Content")),
    },
)
FINE: Final = MappingProxyType(
    {
        "empty-list": says("ok", b"[]"),
        "mixed": says("ok", MIXED, -5, dropped=8),
        "same-id-twice": says("ok", TWICE, 1000),
        "largest-id": says("ok", LARGEST, 18446744073709551615),
        "text-type": says("ok", GOOD, 1000, Content_Type="text/html"),
        "gzip": says("ok", gzip.compress(GOOD), 1000, Content_Encoding="gzip"),
        "gzip-members": says("ok", MEMBERS, 1000, Content_Encoding="gzip"),
        "padded-gzip": says("ok", MEMBERS + bytes(99), 1000, Content_Encoding="gzip"),
        "gzip-and-identity": says(
            "ok",
            MEMBERS,
            1000,
            Content_Encoding="GZip, identity",
        ),
        "codings-in-two-lines": Behaviour(
            expected="ok",
            sent=TWO_LINES + MEMBERS,
            kept=(1000,),
        ),
        "deflate": says("ok", zlib.compress(GOOD), 1000, Content_Encoding="deflate"),
        "raw-deflate": says("ok", RAW, 1000, Content_Encoding="deflate"),
        "marked": says("ok", b"\xef\xbb\xbf" + GOOD, 1000),
        "changed-on-the-way": Behaviour(
            expected="ok",
            sent=answer(GOOD, "203 Non-Authoritative Information"),
            kept=(1000,),
        ),
        "smallest-id": says("ok", SMALLEST, -9223372036854775808),
        "beyond-javascript": says("ok", BEYOND, 9007199254740993),
        "one-mebibyte": says("ok", GOOD.ljust(MEBIBYTE), 1000),
        "without-length": Behaviour(expected="ok", sent=head() + GOOD, kept=(1000,)),
    },
)
HOSTILE: Final[MappingProxyType[str, Behaviour]] = MappingProxyType(
    {
        **NEVER_COMPLETE,
        **TOO_MUCH,
        **BAD_JSON,
        **BAD_SCHEMA,
        **BROKEN,
        **STATUSES,
        **FINE,
    },
)
