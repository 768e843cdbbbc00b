"""Messages in the queue: taskiq's JSON form, strictly checked when read."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

import orjson

from prilavok.domain.jobs import JobMessage
from prilavok.schemas.jobs import MessageSchema

MAX_BYTES: Final = 16_384
SCHEMA: Final = MessageSchema()


def write_message(job: str, payload: Mapping[str, UUID | str | int]) -> bytes:
    """Write what asks for a job."""
    return orjson.dumps(
        {
            "task_id": uuid4(),
            "task_name": job,
            "labels": {},
            "args": [],
            "kwargs": {"payload": payload},
        },
        # UUIDs as asyncpg returns them.
        default=str,
    )


def read_message(message: bytes) -> JobMessage:
    """Read it; raises ``ValueError`` when it is anything else."""
    if len(message) > MAX_BYTES:
        raise ValueError(f"longer than {MAX_BYTES} bytes")
    return SCHEMA.parse(orjson.loads(message))


def write_call(job: str, delivery: Mapping[str, Any]) -> bytes:
    """Write what taskiq calls a job's function with."""
    return orjson.dumps(
        {
            "task_id": uuid4(),
            "task_name": job,
            "labels": {},
            "args": [],
            "kwargs": delivery,
        },
    )
