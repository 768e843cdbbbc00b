"""Codes for what marshmallow's fields refuse themselves."""

from types import MappingProxyType
from typing import Any, Final

from marshmallow import fields, validate

from prilavok.domain.faults import Fault, FaultCode

CODES: Final = MappingProxyType[str, str](
    {
        "required": FaultCode.REQUIRED,
        "null": FaultCode.IS_NULL,
        "type": FaultCode.WRONG_TYPE,
        "unknown": FaultCode.UNKNOWN_CHOICE,
        "repeated": FaultCode.GIVEN_TWICE,
        "too_large": FaultCode.TOO_LARGE,
        "invalid_utf8": FaultCode.NOT_DECODABLE,
    },
)
# Whose "invalid" is about the type of JSON and not about the form of a text.
TYPED: Final = (fields.Boolean, fields.List, fields.Nested, fields.Number)
UNKNOWN_FIELD: Final = Fault("Unknown field.", FaultCode.UNKNOWN_FIELD)
WRONG_TYPE: Final = Fault("Invalid input type.", FaultCode.WRONG_TYPE)


def give_codes(field: fields.Field[Any]) -> None:
    """Let the field refuse in the same words, with codes."""
    field.error_messages = {
        key: Fault(str(sentence), CODES.get(key) or _code_of_invalid(field))
        for key, sentence in field.error_messages.items()
    }
    for check in field.validators:
        if isinstance(check, validate.Email):
            sentence = check.error or check.default_message
            check.error = Fault(sentence, FaultCode.WRONG_FORM)
    if isinstance(field, fields.List):
        give_codes(field.inner)


def _code_of_invalid(field: fields.Field[Any]) -> str:
    is_typed = isinstance(field, TYPED) or field.__class__ is fields.String
    return FaultCode.WRONG_TYPE if is_typed else FaultCode.WRONG_FORM
