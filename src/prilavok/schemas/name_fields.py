"""Names in bodies: in one form, and nothing in them that cannot be seen."""

from typing import Any, final
from unicodedata import normalize

from marshmallow import ValidationError, fields
from typing_extensions import override

from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.names import why_not_shown


def check_name(name: str) -> None:
    """Refuse what cannot be seen, or makes others show differently."""
    why = why_not_shown(name)
    if why is not None:
        raise ValidationError(Fault(why, FaultCode.WRONG_FORM))


@final
class Name(fields.String):
    """A name in Unicode NFC, however a keyboard composed its letters.

    Lists look for names in that form, and two that look alike are one.
    """

    @override
    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        name = super()._deserialize(*args, **kwargs)
        return normalize("NFC", name or "")
