"""JSON shapes of staff accounts."""

from typing import final

from marshmallow import Schema, fields

from prilavok.schemas.fields import Timestamp
from prilavok.schemas.paging import PageSchema


@final
class AvatarSchema(Schema):
    """A user's picture."""

    state = fields.String()
    reason = fields.String(allow_none=True)


@final
class UserSchema(Schema):
    """A staff account."""

    id = fields.UUID()
    login = fields.String()
    first_name = fields.String()
    last_name = fields.String()
    email = fields.String(allow_none=True)
    birth_date = fields.Date(allow_none=True)
    role = fields.String()
    language = fields.String()
    is_active = fields.Boolean()
    registered_at = Timestamp()
    updated_at = Timestamp()
    version = fields.Integer()
    avatar = fields.Nested(AvatarSchema)


@final
class UserPageSchema(PageSchema):
    """One page of accounts."""

    items = fields.Nested(UserSchema, many=True)


@final
class UserBatchDoneSchema(Schema):
    """What a batch did."""

    created = fields.Nested(UserSchema, many=True)
    updated = fields.Nested(UserSchema, many=True)
    deleted = fields.List(fields.UUID())
