"""Mails in bodies: checked and normalised in one place."""

from typing import Any, Final, final

from marshmallow import ValidationError, fields
from typing_extensions import override

from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.faults import Fault, FaultCode

NO_MAIL: Final = "Not a valid email address."


@final
class Email(fields.Field[EmailAddress]):
    """One mail, as ``EmailAddress``."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> EmailAddress:
        return _parsed(value)


@final
class NormalisedEmail(fields.Field[str]):
    """One mail of the staff, of whom nobody keeps how they wrote it."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return _parsed(value).normalised


def _parsed(value: Any) -> EmailAddress:
    if not isinstance(value, str):
        raise ValidationError(Fault(NO_MAIL, FaultCode.WRONG_FORM))
    try:
        return EmailAddress.parse(value)
    except ValueError as error:
        raise ValidationError(Fault(str(error), FaultCode.WRONG_FORM)) from error
