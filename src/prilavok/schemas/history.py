"""JSON shapes of the change history."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.history import ListChanges, Operation
from prilavok.schemas.checks import OneOf
from prilavok.schemas.fields import Moment, MomentAfter, Timestamp
from prilavok.schemas.paging import StretchedSchema, StretchSchema


@final
class ListChangesSchema(StretchedSchema[ListChanges]):
    """Query of ``GET /history``."""

    target = ListChanges

    table = fields.String()
    row_id = fields.UUID()
    actor_id = fields.UUID()
    operation = fields.String(validate=OneOf(tuple(Operation)))
    field = fields.String()
    from_ = Moment(data_key="from")
    to = MomentAfter()


@final
class ListUserChangesSchema(StretchedSchema[ListChanges]):
    """Query of ``GET /users/{id}/history``."""

    target = ListChanges


@final
class AuthorSchema(Schema):
    """Who made a change."""

    id = fields.UUID()
    login = fields.String()


@final
class ChangeSchema(Schema):
    """One change of one row."""

    id = fields.UUID()
    table = fields.String()
    row_id = fields.UUID()
    operation = fields.String()
    old = fields.Dict(allow_none=True)
    new = fields.Dict(allow_none=True)
    changed = fields.List(fields.String())
    actor = fields.Nested(AuthorSchema, allow_none=True)
    request_id = fields.String(allow_none=True)
    database_user = fields.String(allow_none=True)
    at = Timestamp()


@final
class ChangeStretchSchema(StretchSchema):
    """Part of the history, newest first."""

    items = fields.Nested(ChangeSchema, many=True)
