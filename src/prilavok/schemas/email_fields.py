"""Mails in bodies: checked and normalised in one place."""

from typing import Any, final

from marshmallow import ValidationError, fields
from typing_extensions import override

from prilavok.domain.email_addresses import EmailAddress
from prilavok.domain.faults import Fault, FaultCode


@final
class Email(fields.Field[EmailAddress]):
    """One mail, as ``EmailAddress``."""

    default_error_messages = {"invalid": "Not a valid email address."}

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> EmailAddress:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return EmailAddress.parse(value)
        except ValueError as error:
            raise ValidationError(Fault(str(error), FaultCode.WRONG_FORM)) from error
