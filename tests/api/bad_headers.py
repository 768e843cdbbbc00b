"""Headers that nobody should send; surrogates stand for raw bytes."""

from types import MappingProxyType
from typing import Any, Final

import jwt

KEY: Final = "a key that only tests are signed with"
OTHER_KEY: Final = "a key that somebody else has thought of"
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
CLAIMS: Final = MappingProxyType[str, Any](
    {
        "iss": "prilavok",
        "sub": NOBODY,
        "sid": NOBODY,
        "iat": 1,
        "exp": 4_000_000_000,
    },
)


def forged(key: str = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    """Sign a token for nobody's session, by default with the service's own key."""
    claims = {name: it for name, it in (CLAIMS | changed).items() if it is not None}
    return jwt.encode(claims, key, algorithm)


def bad_tokens(genuine: str) -> tuple[str, ...]:
    """Write tokens of every kind that is worth nothing."""
    head, body, signature = genuine.split(".")
    return (
        "",
        "nonsense",
        "a.b.c",
        "..",
        "\udcff\udcfe",
        "é",
        "a" * 7000,
        f"{genuine}x",
        f"{genuine}\udcff",
        f"{head}.{body}.",
        f"{head}.{body}",
        f"{head}..{signature}",
        f"{body}.{head}.{signature}",
        # The header {"alg":"none"}.
        f"eyJhbGciOiJub25lIn0.{body}.",
        f"eyJhbGciOiJub25lIn0.{body}.{signature}",
        # The header [[[..., and one whose numbers have 5,000 digits.
        f"{'W1tb' * 1700}.{body}.{signature}",
        f"{'OTk5' * 1700}.{body}.{signature}",
        *badly_signed(),
    )


def badly_signed() -> tuple[str, ...]:
    """Sign what does not count: other keys, other times, other claims."""
    return (
        forged(),
        forged(OTHER_KEY),
        forged(algorithm="HS512"),
        forged("", algorithm="none"),
        forged(exp=1),
        forged(exp=None),
        forged(exp="soon"),
        forged(iat=4_000_000_000),
        forged(iss="somebody"),
        forged(sub="admin"),
        forged(sid=None),
        forged(sid=["a"]),
        forged(sid="\0"),
        forged(sub=NOBODY.upper()),
    )


def bad_cookies(genuine: str) -> tuple[str, ...]:
    """Write cookies of every kind that is worth nothing."""
    session_id, secret = genuine.split(".")
    return (
        "",
        ".",
        '"',
        "a" * 7000,
        session_id,
        f"{session_id}.",
        f"{session_id}.\udcff",
        f"{session_id}.é",
        f"{session_id}.{secret[:-1]}",
        f"{session_id}.{secret}x",
        f"{session_id}.{secret}.{secret}",
        f"\udcff.{secret}",
        f".{secret}",
        f"{'0' * 32}.{secret}",
        f"{'٠' * 32}.{secret}",
        f"*.{secret}",
        f"{secret}.{session_id}",
    )


# None of these has a meaning for a list of users; the list comes all the same.
IGNORED: Final = (
    "Accept: \udcff",
    "Accept: ;q=,,;",
    "Accept: image/png",
    f"Accept: {',' * 7000}",
    "Accept-Encoding: \udcff",
    "Accept-Language: \udcff",
    "If-Match: \udcff",
    "If-None-Match: \udcff",
    "If-Modified-Since: yesterday",
    "Range: bytes=9-1",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "User-Agent: \udcff",
    "Referer: \udcff",
    "Forwarded: for=\udcff",
    "X-Forwarded-For: \udcff, ::::, 1.2.3.4.5",
    "X-HTTP-Method-Override: DELETE",
    "X-Original-URL: /api/v1/roles",
)
