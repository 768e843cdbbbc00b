"""Fields of our own: the contract's times, and types that do not guess."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, final
from uuid import UUID

from marshmallow import ValidationError, fields
from typing_extensions import override

from prilavok.domain.faults import Fault, FaultCode

DIGITS: Final = re.compile("[0-9]{1,18}")
MAX_NUMBER: Final = 0xDE0B6B3A763FFFF  # 18 nines
CURSOR: Final = re.compile("[A-Za-z0-9_-]{22}")
UTC_TEXT_LENGTH: Final = len("2026-11-20T12:00:00.000000")
ONE_DAY: Final = timedelta(days=1)
MICROSECOND: Final = timedelta(microseconds=1)
LAST_MOMENT: Final = datetime.max.replace(tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """Write an aware time as ``2026-11-20T12:00:00.000000Z``."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    without_offset = moment.isoformat("T", "microseconds")[:UTC_TEXT_LENGTH]
    return f"{without_offset}Z"


@final
class Timestamp(fields.AwareDateTime):
    """An aware time, always with microseconds and always in UTC."""

    SERIALIZATION_FUNCS = {
        **fields.AwareDateTime.SERIALIZATION_FUNCS,
        "iso": utc_text,
    }


@final
class JsonBoolean(fields.Boolean):
    """``true`` or ``false``; marshmallow's own also takes 1, "on" and the like."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


@final
class Number(fields.Integer):
    """A count in a query: digits and nothing else, while ``int`` reads much more."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if not DIGITS.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return int(value)


@final
class ShortList(fields.List[Any]):
    """A list whose length is checked before any of its items."""

    def __init__(self, items: fields.Field[Any], most: int, **options: Any) -> None:
        """Take at most so many items."""
        self.most = most
        super().__init__(items, **options)

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            sentence = f"Longer than {self.most}."
            limits = {"max": self.most}
            raise ValidationError(Fault(sentence, FaultCode.TOO_LONG, limits))
        return super()._deserialize(value, *args, **kwargs)


def _read_day(text: str) -> date:
    """Take ``2018-08-01`` and none of ISO 8601's other forms."""
    if len(text) != len("2018-08-01") or "W" in text:
        raise ValueError(text)
    return date.fromisoformat(text)


@final
class Day(fields.Date):
    """A day as ``2018-08-01``."""

    DESERIALIZATION_FUNCS = {**fields.Date.DESERIALIZATION_FUNCS, "iso": _read_day}


class Moment(fields.Field[datetime]):
    """A date or an aware time in a query; a date means the start of its day in UTC."""

    default_error_messages = {"invalid": "Not a date or a time with its offset."}

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        try:
            return self.parse(value)
        except (ValueError, OverflowError) as error:
            raise self.make_error("invalid", input=value) from error

    def parse(self, text: str) -> datetime:
        """Read ISO 8601; raise ``ValueError`` on anything else."""
        if len(text) == len("2026-11-20"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        # In a query a plus that was not escaped arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(UTC)


@final
class MomentAfter(Moment):
    """The end of a range, included: the first moment that lies beyond it."""

    @override
    def parse(self, text: str) -> datetime:
        """Read ISO 8601; a date means the whole day."""
        moment = super().parse(text)
        step = ONE_DAY if len(text) == len("2026-11-20") else MICROSECOND
        return LAST_MOMENT if moment > LAST_MOMENT - step else moment + step


@final
class Cursor(fields.Field[UUID]):
    """A place in an append-only list, opaque to clients: the id in URL-safe base64."""

    default_error_messages = {"invalid": "Not a cursor of this list."}

    @override
    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return urlsafe_b64encode(value.bytes).decode().rstrip("=")

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> UUID:
        if not CURSOR.fullmatch(value):
            raise self.make_error("invalid")
        return UUID(bytes=urlsafe_b64decode(f"{value}=="))


@final
class NamesOf(fields.Field[frozenset[str]]):
    """A list of distinct names, all of them members of an enumeration."""

    default_error_messages = {
        "invalid": "Not a list of names.",
        "unknown": "Unknown: {names}.",
        "repeated": "A name stands here twice.",
    }

    def __init__(self, known: type[StrEnum], **options: Any) -> None:
        """Allow the values of this enumeration."""
        self.known = frozenset(member.value for member in known)
        super().__init__(**options)

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
            raise self.make_error("invalid")
        names = frozenset(value)
        if not names <= self.known:
            raise self.make_error("unknown", names=", ".join(names - self.known))
        if len(names) != len(value):
            raise self.make_error("repeated")
        return names
