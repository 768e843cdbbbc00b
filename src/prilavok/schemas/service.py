"""JSON shapes of the service's own state."""

from typing import final

from marshmallow import Schema, fields
from marshmallow.validate import OneOf


@final
class DependencySchema(Schema):
    """One thing the service depends on."""

    name = fields.String()
    ok = fields.Boolean()
    error = fields.String(allow_none=True)
    needed = fields.Boolean()


@final
class QueueStateSchema(Schema):
    """How much background work waits, since when, and how much of it is dead."""

    waiting = fields.Integer()
    oldest_seconds = fields.Integer()
    dead = fields.Integer()


@final
class OutboxStateSchema(Schema):
    """How bringing players' mails to the provider goes."""

    breaker = fields.String(validate=OneOf(("closed", "open")))
    pending = fields.Integer()
    overdue_seconds = fields.Integer()


@final
class ReadinessSchema(Schema):
    """Whether the service can do its work."""

    status = fields.String()
    dependencies = fields.Nested(DependencySchema, many=True)
    queue = fields.Nested(QueueStateSchema, allow_none=True)
    outbox = fields.Nested(OutboxStateSchema, allow_none=True)


@final
class LivenessSchema(Schema):
    """A sign of life."""

    status = fields.String()


@final
class OverviewSchema(Schema):
    """Counts by noun."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
