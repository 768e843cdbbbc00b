"""What stands in the queue, and how commands show it."""

from typing import Any, Final, final

from marshmallow import Schema, fields, validate
from typing_extensions import override

from prilavok.domain.jobs import JobMessage, RowId
from prilavok.schemas.base import InputSchema
from prilavok.schemas.fields import Timestamp

MAX_NAME: Final = 64
NAME: Final = validate.Length(1, MAX_NAME)


@final
class CallSchema(Schema):
    """The arguments of every task: the payload, by name."""

    payload = fields.Dict(keys=fields.String(), required=True)


@final
class MessageSchema(InputSchema[JobMessage]):
    """A message in the form that taskiq writes and reads."""

    target = JobMessage

    task_id = fields.String(required=True, validate=NAME)
    task_name = fields.String(required=True, validate=NAME)
    labels = fields.Dict(keys=fields.String(), required=True)
    args = fields.List(fields.Raw(), required=True, validate=validate.Length(max=0))
    kwargs = fields.Nested(CallSchema, required=True)

    @override
    def parse(self, document: Any) -> JobMessage:
        """Build the message or raise ``ValidationError``."""
        loaded = self.load(document)
        return JobMessage(loaded["task_name"], loaded["kwargs"]["payload"])


@final
class RowIdSchema(InputSchema[RowId]):
    """The payload of a job about one row."""

    target = RowId

    id = fields.UUID(required=True)


@final
class WaitingJobSchema(Schema):
    """A message that waits or is worked on."""

    id = fields.String(required=True)
    queued_at = Timestamp(required=True)
    attempts = fields.Integer(required=True)
    message = fields.String(required=True)


@final
class DeadJobSchema(Schema):
    """A message that is no longer tried."""

    id = fields.String(required=True)
    died_at = Timestamp(required=True)
    reason = fields.String(required=True)
    error = fields.String(required=True)
    attempts = fields.Integer(required=True)
    message = fields.String(required=True)
