"""What security wants to find in the log: who did what, from where.

The time and the request's id are on every line. Names that callers choose freely are
cut to what cannot imitate a line of its own.
"""

import logging
from typing import Final

from prilavok.domain.access import Actor

logger = logging.getLogger(__name__)
SHOWN_LENGTH: Final = 64


def record(event: str, actor: Actor, **about: object) -> None:
    """Log what an actor did."""
    logger.info(event, extra=_fields(actor, about))


def record_refusal(event: str, actor: Actor, **about: object) -> None:
    """Log what an actor tried in vain."""
    logger.warning(event, extra=_fields(actor, about))


def shown(text: str) -> str:
    """Keep of a caller's text what is safe to log, on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[
        :SHOWN_LENGTH
    ]


def _fields(actor: Actor, about: dict[str, object]) -> dict[str, object]:
    return {
        "actor": shown(actor.login) or None,
        "actor_id": actor.user_id and str(actor.user_id),
        "address": actor.address,
        **about,
    }
