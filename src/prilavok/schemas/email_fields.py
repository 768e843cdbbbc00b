"""Mails in bodies: checked and normalised in one place."""

from typing import Any, final

from marshmallow import ValidationError, fields
from typing_extensions import override

from prilavok.domain.email_addresses import EmailAddress


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
        raise ValidationError("Not a valid email address.")
    try:
        return EmailAddress.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error
