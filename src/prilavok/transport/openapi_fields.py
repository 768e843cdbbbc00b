"""What the OpenAPI document says of fields that apispec does not know."""

from functools import singledispatch
from typing import Any, Final

from marshmallow import fields
from marshmallow.validate import Regexp

from prilavok.domain.email_addresses import EMAIL_MAX_LENGTH
from prilavok.domain.users import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH
from prilavok.schemas.email_fields import Email, NormalisedEmail
from prilavok.schemas.fields import Cursor, Moment, NamesOf, ShortList
from prilavok.schemas.numbers import TextInteger
from prilavok.schemas.paging import Sort
from prilavok.schemas.user_inputs import check_password

END: Final = r"\Z"


def describe_field(
    converter: object,
    field: fields.Field[Any],
    **context: Any,
) -> dict[str, Any]:
    """Add to a property what makes it exact; apispec calls it for every field."""
    return _type_of(field) | _pattern_of(field) | _password_of(field)


@singledispatch
def _type_of(field: fields.Field[Any]) -> dict[str, Any]:
    return {}


@_type_of.register(Email)
@_type_of.register(NormalisedEmail)
def _email(field: fields.Field[Any]) -> dict[str, Any]:
    return {"type": "string", "format": "email", "maxLength": EMAIL_MAX_LENGTH}


@_type_of.register
def _text_integer(field: TextInteger) -> dict[str, Any]:
    return {"type": "string", "pattern": "^-?[0-9]+$"}


@_type_of.register
def _cursor(field: Cursor) -> dict[str, Any]:
    types = ["string", "null"] if field.allow_none else "string"
    return {"type": types, "pattern": "^[A-Za-z0-9_-]{22}$"}


@_type_of.register
def _moment(field: Moment) -> dict[str, Any]:
    return {
        "type": "string",
        "anyOf": [{"format": "date"}, {"format": "date-time"}],
        "description": "A date, or a time with its offset from UTC.",
        "examples": ["2026-11-20", "2026-11-20T12:00:00Z"],
    }


@_type_of.register
def _shop_time(field: fields.NaiveDateTime) -> dict[str, Any]:
    """Say that the shop's times have no zone, while ``date-time`` demands one."""
    return {"format": "date-time-local", "examples": ["2018-08-01T00:00:00"]}


@_type_of.register
def _short_list(field: ShortList) -> dict[str, Any]:
    return {"maxItems": field.most}


@_type_of.register
def _names(field: NamesOf) -> dict[str, Any]:
    known = {"type": "string", "enum": sorted(field.known)}
    return {"type": "array", "uniqueItems": True, "items": known}


@_type_of.register
def _sort(field: Sort) -> dict[str, Any]:
    names = "|".join(field.columns)
    column = f"-?({names})"
    return {
        "type": "string",
        "default": "",
        "pattern": f"^{column}(,{column})*$",
        "description": "Columns in order, each at most once; minus turns one around.",
    }


def _password_of(field: fields.Field[Any]) -> dict[str, Any]:
    if check_password not in field.validators:
        return {}
    return {
        "minLength": PASSWORD_MIN_LENGTH,
        "maxLength": PASSWORD_MAX_LENGTH,
        "description": "Any characters, but none of the most common passwords.",
    }


def _pattern_of(field: fields.Field[Any]) -> dict[str, Any]:
    """Write the pattern as ECMA-262 has it; Python's starts at the beginning."""
    patterns = [
        check.regex.pattern for check in field.validators if isinstance(check, Regexp)
    ]
    if not patterns:
        return {}
    pattern = str(patterns[0]).replace(END, "$")
    return {"pattern": f"^{pattern}"}
