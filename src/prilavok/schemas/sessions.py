"""JSON shapes of signing in."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain import sessions
from prilavok.schemas.base import InputSchema
from prilavok.schemas.fields import Timestamp
from prilavok.schemas.paging import PagedSchema, PageSchema
from prilavok.schemas.user_inputs import check_password
from prilavok.schemas.users import UserSchema


@final
class SignInSchema(InputSchema[sessions.SignIn]):
    """Body of ``POST /auth/login`` and ``/auth/token``: any two strings."""

    target = sessions.SignIn

    login = fields.String(required=True)
    password = fields.String(required=True)


@final
class ChangePasswordSchema(InputSchema[sessions.ChangePassword]):
    """Body of ``POST /auth/password``."""

    target = sessions.ChangePassword

    current_password = fields.String(required=True)
    new_password = fields.String(required=True, validate=check_password)


@final
class ListSessionsSchema(PagedSchema[sessions.ListSessions]):
    """Query of ``GET /sessions``."""

    target = sessions.ListSessions

    user_id = fields.UUID()


@final
class IdentitySchema(Schema):
    """Who is signed in."""

    user = fields.Nested(UserSchema)
    permissions = fields.List(fields.String())


@final
class AccessTokenSchema(Schema):
    """A bearer token."""

    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()


class SessionSchema(Schema):
    """A signed-in device of one's own."""

    id = fields.UUID()
    created_at = Timestamp()
    last_seen_at = Timestamp()
    address = fields.String()
    user_agent = fields.String()
    kind = fields.String()
    current = fields.Boolean()


@final
class SessionPageSchema(PageSchema):
    """One page of a user's sessions."""

    items = fields.Nested(SessionSchema, many=True)


@final
class HolderSchema(Schema):
    """Whose session it is."""

    id = fields.UUID()
    login = fields.String()


@final
class HeldSessionSchema(SessionSchema):
    """A signed-in device of anybody's."""

    user = fields.Nested(HolderSchema, allow_none=True)


@final
class HeldSessionPageSchema(PageSchema):
    """One page of everybody's sessions."""

    items = fields.Nested(HeldSessionSchema, many=True)
