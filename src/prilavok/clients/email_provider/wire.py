"""What goes to a provider, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final
from urllib.parse import urlencode

import orjson

from prilavok.domain.esp import EspOutage


@final
@dataclass(frozen=True, slots=True)
class EspBody:
    """The body of a request."""

    content_type: str
    encoded: bytes


@final
@dataclass(frozen=True, slots=True)
class EspReply:
    """An answer whose status is the adapter's to judge."""

    status: int
    body: bytes

    def document(self) -> dict[str, Any]:
        """Return the JSON object that it is, or raise ``EspOutage``."""
        try:
            document = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise EspOutage(f"It answered {self.status} without JSON.") from None
        if isinstance(document, dict):
            return document
        raise EspOutage(f"It answered {self.status} with JSON that is no object.")


def json_body(document: object) -> EspBody:
    """Encode a body as JSON."""
    return EspBody("application/json", orjson.dumps(document))


def form_body(fields: Mapping[str, str]) -> EspBody:
    """Encode a body as HTML forms are."""
    return EspBody("application/x-www-form-urlencoded", urlencode(fields).encode())
