"""What may be asked of staff accounts."""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, final

from marshmallow import Schema, ValidationError, fields, validates_schema

from prilavok.domain import users
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.password_policy import comparable, is_common
from prilavok.schemas.base import InputSchema, Parsed, PatchSchema
from prilavok.schemas.checks import Length, Range, Regexp
from prilavok.schemas.email_fields import NormalisedEmail
from prilavok.schemas.fields import JsonBoolean, Moment, MomentAfter, ShortList
from prilavok.schemas.name_fields import Name, check_name
from prilavok.schemas.numbers import JsonInteger
from prilavok.schemas.paging import PagedSchema, Sort

LOGIN: Final = Regexp(
    rf"[A-Za-z0-9._-]{{1,{users.LOGIN_MAX_LENGTH}}}\Z",
    error="1 to 64 of: letters A-Z and a-z, digits, dot, underscore, hyphen.",
)
LANGUAGE: Final = Regexp(r"[a-z]{2}(-[A-Z]{2})?\Z", error="A code like en or pt-BR.")
# A name has something to see in it and stays on one line. Each part of the pattern ends
# where the next can begin, so that it takes linear time.
NAME: Final = (
    Length(1, users.NAME_MAX_LENGTH),
    Regexp(
        r"[^\S\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s\x00-\x1f\x7f-\x9f]"
        r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z",
        error="Not a name.",
    ),
    check_name,
)
SORTED_BY: Final = (
    "login",
    "first_name",
    "last_name",
    "email",
    "birth_date",
    "role",
    "is_active",
    "registered_at",
    "updated_at",
)

# The lists of a batch.
KINDS: Final = ("create", "update", "delete")
VERSION: Final = MappingProxyType[str, Any](
    {"description": "The one that the update was made from; another one is a 412."},
)


def check_password(password: str) -> None:
    """Refuse what anybody would guess; any characters will do."""
    password = comparable(password)
    Length(users.PASSWORD_MIN_LENGTH, users.PASSWORD_MAX_LENGTH)(password)
    if is_common(password):
        sentence = "This is one of the most common passwords."
        raise ValidationError(Fault(sentence, FaultCode.COMMON_PASSWORD))


def batch_of(change: fields.Field[Any]) -> ShortList:
    """Take changes of one kind, not more than a whole batch may have."""
    return ShortList(change, users.BATCH_MAX_CHANGES, load_default=())


def too_many(sentence: str, most: int) -> ValidationError:
    """Refuse more items than there may be."""
    return ValidationError(Fault(sentence, FaultCode.TOO_LONG, {"max": most}))


def check_batch_size(document: dict[str, Any]) -> None:
    """Refuse more changes than a batch may have."""
    if sum(len(document[kind]) for kind in KINDS) > users.BATCH_MAX_CHANGES:
        raise too_many("At most 1000 changes in a batch.", users.BATCH_MAX_CHANGES)


def check_birth_date(born: Any) -> None:
    """Refuse the future and what lies before living memory."""
    today = datetime.now(UTC).date()
    if born is not None:
        Range(users.EARLIEST_BIRTH, today)(born)


class OwnFields(Schema):
    """What everybody may say of himself."""

    first_name = Name(validate=NAME)
    last_name = Name(validate=NAME)
    email = NormalisedEmail(allow_none=True)
    birth_date = fields.Date(allow_none=True, validate=check_birth_date)
    language = fields.String(validate=LANGUAGE)


@final
class CreateUserSchema(InputSchema[users.CreateUser], OwnFields):
    """Body of ``POST /users``."""

    target = users.CreateUser

    login = fields.String(required=True, validate=LOGIN)
    password = fields.String(required=True, validate=check_password)
    first_name = Name(required=True, validate=NAME)
    last_name = Name(required=True, validate=NAME)
    role = Name(required=True)
    is_active = JsonBoolean()


class EditOwnSchema(PatchSchema, OwnFields):
    """Body of ``PATCH /users/{id}`` on one's own account."""

    current_password = fields.String()


class EditUserSchema(EditOwnSchema):
    """Body of ``PATCH /users/{id}`` by somebody who may write users."""

    login = fields.String(validate=LOGIN)
    password = fields.String(validate=check_password)
    role = Name()
    is_active = JsonBoolean()


@final
class UpdateInBatchSchema(EditUserSchema):
    """One update of a batch."""

    id = fields.UUID(required=True)
    version = JsonInteger(validate=Range(1), metadata=VERSION)


@final
class UserBatchSchema(InputSchema[users.UserBatch]):
    """Body of ``POST /users/batch``."""

    target = users.UserBatch

    create = batch_of(Parsed(CreateUserSchema))
    update = batch_of(fields.Nested(UpdateInBatchSchema))
    delete = batch_of(fields.UUID())
    current_password = fields.String(
        metadata={"description": "Needed to change one's own mail, once for all."},
    )

    @validates_schema
    def check_size(self, document: dict[str, Any], **options: Any) -> None:
        """Keep a batch small enough for one transaction."""
        check_batch_size(document)
        changed = sum("password" in changes for changes in document["update"])
        if changed + len(document["create"]) > users.BATCH_MAX_PASSWORDS:
            most = users.BATCH_MAX_PASSWORDS
            raise too_many("At most 100 changes may set a password.", most)


@final
class ListUsersSchema(PagedSchema[users.ListUsers]):
    """Query of ``GET /users``."""

    target = users.ListUsers

    sort = Sort(SORTED_BY)
    search = fields.String(data_key="q")
    role = Name()
    is_active = fields.Boolean(truthy={"true"}, falsy={"false"})
    registered_from = Moment()
    registered_to = MomentAfter()
