"""How a session lies in Redis: a hash of bytes, times in milliseconds."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from prilavok.domain.sessions import Session, SessionKind

EPOCH: Final = datetime.fromtimestamp(0, UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Count the milliseconds from 1970 to the moment."""
    return (moment - EPOCH) // MILLISECOND


def to_record(session: Session) -> dict[str, str | int]:
    """Write all but the id, which is the key."""
    return {
        "user_id": str(session.user_id),
        "kind": session.kind,
        "stamp": session.stamp,
        "secret_hash": session.secret_hash,
        "created_at": milliseconds(session.created_at),
        "ends_at": milliseconds(session.ends_at),
        "last_seen_at": milliseconds(session.last_seen_at),
        "address": session.address,
        "user_agent": session.user_agent,
    }


def to_session(session_id: UUID, record: Any) -> Session | None:
    """Read what Redis answered; None where it is no session of ours, or an error."""
    if not isinstance(record, Mapping):
        return None
    try:
        return _to_session(session_id, record)
    except (KeyError, ValueError, OverflowError):
        return None


def to_ids(members: Iterable[bytes]) -> tuple[UUID, ...]:
    """Read the members of an index; what is no id is left out."""
    return tuple(filter(None, map(_to_id, members)))


def _to_id(member: bytes) -> UUID | None:
    try:
        return UUID(member.decode())
    except ValueError:
        return None


def _to_session(session_id: UUID, record: Mapping[bytes, bytes]) -> Session:
    return Session(
        id=session_id,
        user_id=UUID(record[b"user_id"].decode()),
        kind=SessionKind(record[b"kind"].decode()),
        stamp=record[b"stamp"].decode("ascii"),
        secret_hash=record[b"secret_hash"].decode("ascii"),
        created_at=_moment(record[b"created_at"]),
        ends_at=_moment(record[b"ends_at"]),
        last_seen_at=_moment(record[b"last_seen_at"]),
        address=record[b"address"].decode(),
        user_agent=record[b"user_agent"].decode(),
    )


def _moment(raw: bytes) -> datetime:
    return EPOCH + int(raw) * MILLISECOND
