"""The bridge between JSON and domain dataclasses."""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast, final

from marshmallow import RAISE, Schema, fields
from typing_extensions import override

from prilavok.schemas.fault_codes import UNKNOWN_FIELD, WRONG_TYPE, give_codes

InputT = TypeVar("InputT")


class InputSchema(Schema, Generic[InputT]):
    """Turns a request's body or query into one frozen dataclass."""

    class Meta:
        """Refuse fields nobody declared."""

        unknown = RAISE

    target: ClassVar[type]
    error_messages = {"unknown": UNKNOWN_FIELD, "type": WRONG_TYPE}

    @override
    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Refuse with codes."""
        give_codes(field_obj)

    def parse(self, document: Any) -> InputT:
        """Build the target or raise ``ValidationError``."""
        return cast(InputT, self.target(**self.load(document)))


class PatchSchema(InputSchema[dict[str, Any]]):
    """Turns the body of a PATCH into the fields that were given, null included."""

    target = dict


@final
class Parsed(fields.Nested):
    """A part of a body that becomes a dataclass of its own."""

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        document = super()._deserialize(value, *args, **kwargs)
        return cast(InputSchema[Any], self.schema).target(**document)


@final
@dataclass(frozen=True, slots=True)
class NoInput:
    """What a route reads that takes nothing but its path."""


@final
class NoInputSchema(InputSchema[NoInput]):
    """An empty query: any parameter is one too many."""

    target = NoInput
