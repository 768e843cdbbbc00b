"""From what providers write to answers of ours."""

import re
from http import HTTPStatus
from typing import Any, Final

from prilavok.clients.email_provider.wire import EspReply
from prilavok.domain.esp import (
    EspAnswer,
    EspMisconfigured,
    EspOutage,
    EspState,
    EspUnavailable,
)

REASON_LENGTH: Final = 200
KNOWN: Final = EspAnswer(EspState.KNOWN)
CREATED: Final = EspAnswer(EspState.CREATED)


def rejected(reason: object, email: str) -> EspAnswer:
    """Say that the email is refused for good, in the provider's words.

    They are one short line without the email, which is a person's and is erased
    with the person.
    """
    return EspAnswer(EspState.REJECTED, in_words(reason, email))


def in_words(reason: object, email: str) -> str:
    """Make one short line of whatever a provider gives as its reason."""
    told = reason if isinstance(reason, str) else ""
    hidden = re.sub(re.escape(email), "the email", told, flags=re.IGNORECASE)
    line = " ".join(hidden.split())
    visible = "".join(letter for letter in line if letter.isprintable())
    return visible[:REASON_LENGTH] or "It gives no reason."


def member(document: dict[str, Any], name: str) -> str:
    """Return a text that must be there, or raise ``EspOutage``."""
    text = document.get(name)
    if isinstance(text, str):
        return text
    raise EspOutage(f"Its answer has no text {name}.")


def unexpected(reply: EspReply) -> EspUnavailable:
    """Describe an answer that no documented API gives to a request of ours."""
    if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return EspMisconfigured(
            f"It answered {reply.status}: are ESP_URL, ESP_LIST and the rest right?",
        )
    return EspOutage(f"It answered {reply.status}, which means nothing here.")
