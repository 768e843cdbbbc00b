"""Requests that may be sent again and still happen once."""

from re import compile as pattern
from typing import Final

from aiohttp import web
from marshmallow import ValidationError

from prilavok.domain.plays import KEY_MAX_LENGTH

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
FORM: Final = pattern(rf"[\x21-\x7e]{{1,{KEY_MAX_LENGTH}}}\Z")


def read_key(request: web.Request) -> str | None:
    """Return the key of a request that has one; ``ValidationError`` for a bad one."""
    given = request.headers.getall(IDEMPOTENCY_KEY, [])
    if not given:
        return None
    if len(given) > 1 or not FORM.match(given[0]):
        raise ValidationError(
            f"{IDEMPOTENCY_KEY}: once, 1 to {KEY_MAX_LENGTH} visible ASCII characters.",
        )
    return given[0]
