"""JSON shapes of roles and permissions."""

from typing import Any, Final, final

from marshmallow import Schema, fields, validates_schema

from prilavok.domain import roles
from prilavok.domain.access import Permission
from prilavok.schemas.base import InputSchema, Parsed, PatchSchema
from prilavok.schemas.checks import Length, Range, Regexp
from prilavok.schemas.fields import NamesOf
from prilavok.schemas.name_fields import Name, check_name
from prilavok.schemas.numbers import JsonInteger
from prilavok.schemas.paging import PagedSchema, PageSchema, Sort
from prilavok.schemas.user_inputs import VERSION, batch_of, check_batch_size

NAME: Final = (
    Length(1, roles.NAME_MAX_LENGTH),
    Regexp(r"[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?\Z"),
    check_name,
)


@final
class CreateRoleSchema(InputSchema[roles.CreateRole]):
    """Body of ``POST /roles``."""

    target = roles.CreateRole

    name = Name(required=True, validate=NAME)
    permissions = NamesOf(Permission, required=True)


class EditRoleSchema(PatchSchema):
    """Body of ``PATCH /roles/{id}``."""

    name = Name(validate=NAME)
    permissions = NamesOf(Permission)


@final
class RoleUpdateInBatchSchema(EditRoleSchema):
    """One update of a batch."""

    id = fields.UUID(required=True)
    version = JsonInteger(validate=Range(1), metadata=VERSION)


@final
class RoleBatchSchema(InputSchema[roles.RoleBatch]):
    """Body of ``POST /roles/batch``."""

    target = roles.RoleBatch

    create = batch_of(Parsed(CreateRoleSchema))
    update = batch_of(fields.Nested(RoleUpdateInBatchSchema))
    delete = batch_of(fields.UUID())

    @validates_schema
    def check_size(self, document: dict[str, Any], **options: Any) -> None:
        """Keep a batch small enough for one transaction."""
        check_batch_size(document)


@final
class ListRolesSchema(PagedSchema[roles.ListRoles]):
    """Query of ``GET /roles``."""

    target = roles.ListRoles

    sort = Sort(("name", "built_in"))
    search = fields.String(data_key="q")


@final
class RoleSchema(Schema):
    """A role."""

    id = fields.UUID()
    name = fields.String()
    permissions = fields.List(fields.String())
    built_in = fields.Boolean()
    users = fields.Integer()
    version = fields.Integer()


@final
class RolePageSchema(PageSchema):
    """One page of roles."""

    items = fields.Nested(RoleSchema, many=True)


@final
class RoleBatchDoneSchema(Schema):
    """What a batch did."""

    created = fields.Nested(RoleSchema, many=True)
    updated = fields.Nested(RoleSchema, many=True)
    deleted = fields.List(fields.UUID())


@final
class PermissionSchema(Schema):
    """One permission, and what it allows."""

    name = fields.String(attribute="value")
    allows = fields.String()


@final
class PermissionListSchema(Schema):
    """Every permission there is."""

    items = fields.Nested(PermissionSchema, many=True)
