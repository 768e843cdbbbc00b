"""The header ``Idempotency-Key``: the same request sent twice counts once."""

import re
from typing import Final

from aiohttp import web
from marshmallow import ValidationError

HEADER: Final = "Idempotency-Key"
KEY: Final = re.compile("[!-~]{1,255}")


def read_key(request: web.Request) -> str | None:
    """Read it, if there is one; one that nobody would send is a 422."""
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise ValidationError({"header": {HEADER: ["1 to 255 visible characters."]}})
    return key
