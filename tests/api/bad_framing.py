"""Bytes that are no HTTP request, or two at once."""

from types import MappingProxyType
from typing import Final

POST: Final = b"POST / HTTP/1.1\r\nHost: a\r\n"
GET: Final = b"GET / HTTP/1.1\r\nHost: a\r\n"
SECRET: Final = "the-secret-of-a-cookie"
ATTACKS: Final = MappingProxyType(
    {
        "length and chunks": POST
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n01234",
        "a list of lengths": POST + b"Content-Length: 5, 5\r\n\r\n01234",
        "negative length": POST + b"Content-Length: -5\r\n\r\n",
        "signed length": POST + b"Content-Length: +5\r\n\r\n01234",
        "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "chunked not last": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "two hosts": GET + b"Host: b\r\n\r\n",
        "no host": b"GET / HTTP/1.1\r\n\r\n",
        "NUL": GET + b"X: \0\r\n\r\n",
        "NUL in a cookie": GET
        + b"Cookie: prilavok_session=%s\0\r\n\r\n" % SECRET.encode(),
        "space before the colon": GET + b"X : a\r\n\r\n",
        "folded header": GET + b"X: a\r\n b\r\n\r\n",
        "no colon": GET + b"X\r\n\r\n",
        "9 kB line": b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 9000),
        "9 kB header": GET + b"X: %s\r\n\r\n" % (b"a" * 9000),
        "1,000 headers": GET + b"X: a\r\n" * 1000 + b"\r\n",
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "raw bytes in the path": b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        "raw bytes in the query": b"GET /?\xed\xa0\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "no slash": b"GET api/v1/users HTTP/1.1\r\nHost: a\r\n\r\n",
        "unknown method": b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
        "lower case": b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    },
)
