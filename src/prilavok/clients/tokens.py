"""Bearer tokens: JWTs that name a session, and are worth nothing without it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, final
from uuid import UUID

import jwt

ALGORITHM: Final = "HS256"
ISSUER: Final = "prilavok"


@final
@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says: whose session it stands for."""

    user_id: UUID
    session_id: UUID


@final
@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs with the first key and accepts every key, so that keys can be rotated."""

    keys: tuple[str, ...]

    def sign(self, claims: TokenClaims, issued: datetime, expires: datetime) -> str:
        """Write a token."""
        payload = {
            "iss": ISSUER,
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "iat": issued,
            "exp": expires,
        }
        return jwt.encode(payload, self.keys[0], ALGORITHM)

    def read(self, token: str) -> TokenClaims | None:
        """Return what a genuine, living token says, else None."""
        for key in self.keys:
            payload = _decoded(token, key)
            if payload is not None:
                return _claims(payload)
        return None


def _decoded(token: str, key: str) -> dict[str, Any] | None:
    required = ["sub", "sid", "exp", "iat"]
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            # Another replica's clock may be ahead of ours.
            options={"require": required, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        return None


def _claims(payload: dict[str, Any]) -> TokenClaims | None:
    try:
        return TokenClaims(UUID(payload["sub"]), UUID(payload["sid"]))
    except (ValueError, AttributeError):
        return None
