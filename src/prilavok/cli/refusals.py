"""What commands refuse, in words."""

from collections.abc import Iterable

from marshmallow import ValidationError

from prilavok.domain.errors import DomainError, Unavailable
from prilavok.settings import SettingsError


def refusal_in_words(error: Exception) -> str | None:
    """Say what is refused and why; None for what is a fault of ours."""
    match error:
        case SettingsError():
            return f"The settings need attention:\n{error}"
        case DomainError():
            return _in_words(_with_cause(error), error.errors.items())
        case ValidationError():
            return _in_words("This cannot be done:", _messages(error))
        case _:
            return None


def _with_cause(error: DomainError) -> str:
    """Add what a server said that is away: who types commands may put it right."""
    cause = str(error.__cause__ or "") if isinstance(error, Unavailable) else ""
    return "\n".join((error.detail, *cause.splitlines()[:1]))


def _in_words(detail: str, places: Iterable[tuple[str, object]]) -> str:
    reasons = (f"{place}: {why}" for place, why in places if why != detail)
    return "\n".join((detail, *reasons))


def _messages(error: ValidationError) -> Iterable[tuple[str, object]]:
    found: dict[str, object] | list[str] = error.messages
    return found.items() if isinstance(found, dict) else [("", found)]
