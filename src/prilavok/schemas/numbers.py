"""Numbers of a body: only what JSON calls so, no texts and no booleans."""

from typing import Any, final

from marshmallow import fields
from typing_extensions import override


@final
class JsonNumber(fields.Float):
    """Any number; marshmallow's own also takes texts and booleans."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.make_error("invalid", input=value)
        return float(value)


@final
class TextInteger(fields.Integer):
    """A whole number of an answer, written as a text."""

    @override
    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return str(value)


@final
class JsonInteger(fields.Integer):
    """A whole number; marshmallow's own also takes texts and booleans."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value
