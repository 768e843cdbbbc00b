"""Bodies that nobody should send."""

import gzip
import zlib
from types import MappingProxyType
from typing import Final

# Well-formed: what it asks for is another matter.
GOOD: Final = b'{"login": "ann", "password": "a"}'
PACKED: Final = MappingProxyType(
    {
        "identity": GOOD,
        "gzip": gzip.compress(GOOD),
        "deflate": zlib.compress(GOOD),
    },
)
FIFTY_MIB: Final = b" " * (50 * 1024 * 1024)
BOMBS: Final = MappingProxyType(
    {
        "gzip": gzip.compress(FIFTY_MIB),
        "deflate": zlib.compress(FIFTY_MIB),
    },
)
CONTENT_TYPES: Final = (
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin-1",
    "application/json; charset=utf-16",
    "application/json, text/plain",
    "application/merge-patch+json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/mixed; boundary=a",
    "nonsense",
    "/",
    "",
)
CODINGS: Final = ("br", "zstd", "compress", "gzip, gzip", "nonsense")
# Nobody can read these as JSON of the contract, whatever the route's schema.
NO_JSON: Final = MappingProxyType(
    {
        "empty": b"",
        "cut": b'{"login": ',
        "two documents": b"{}{}",
        "trailing comma": b'{"login": 1,}',
        "comment": b"{} // ",
        "100,000 brackets": b"[" * 100_000,
        "100,000 objects": b'{"a":' * 100_000,
        "33 deep": b'{"a":' * 33 + b"1" + b"}" * 33,
        "NaN": b'{"login": NaN}',
        "Infinity": b'{"login": -Infinity}',
        "1e999": b'{"login": 1e999}',
        "5,000 digits": b'{"login": %s}' % (b"9" * 5000),
        "65 bits": b'{"login": 18446744073709551616}',
        "raw NUL": b'{"login": "a\0"}',
        "escaped NUL": rb'{"login": "a\u0000"}',
        "escaped NUL after backslash": rb'{"login": "\\\u0000"}',
        "NUL in a name": rb'{"a\u0000": 1}',
        "lone surrogate": rb'{"login": "\ud800"}',
        "surrogates the wrong way round": rb'{"login": "\udc00\ud800"}',
        "surrogate in a name": rb'{"\ud800": 1}',
        "name twice": b'{"login": "a", "login": "a"}',
        "name twice, deep": b'{"a": [{"b": 1, "b": 2}]}',
        "second byte order mark": b"\xef\xbb\xbf\xef\xbb\xbf{}",
        "byte order mark alone": b"\xef\xbb\xbf",
        "UTF-16": '{"login": "ann"}'.encode("utf-16"),
        "UTF-32": '{"login": "ann"}'.encode("utf-32"),
        "Latin-1": '{"login": "Zoë"}'.encode("latin-1"),
        "overlong": b'{"login": "\xc0\xaf"}',
        "CESU surrogate": b'{"login": "\xed\xa0\x80"}',
        "quotes that never close": rb'{"a": "' + rb"\"" * 2000,
        "array": b"[]",
        "null": b"null",
        "number": b"1",
        "string": b'"login"',
    },
)
WRONG: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    1.5,
    "",
    "a" * 5000,
    "\u202e",
    [],
    [None],
    {},
    {"a": 1},
)
BROKEN_PACKING: Final = MappingProxyType(
    {
        "no gzip": ("gzip", b"\x1f\x8b\x08garbage"),
        "cut": ("gzip", gzip.compress(GOOD)[:-15]),
        "more after the end": ("gzip", gzip.compress(GOOD) + b"xx"),
        "no deflate": ("deflate", b"garbage"),
    },
)
