"""What is wrong at a place of a request: a sentence, and a code that programs read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, final

from typing_extensions import Self, override


@final
class FaultCode(StrEnum):
    """Stable names; ``/problems`` explains each."""

    INVALID = "invalid"
    REQUIRED = "required"
    IS_NULL = "is-null"
    WRONG_TYPE = "wrong-type"
    WRONG_FORM = "wrong-form"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_CHOICE = "unknown-choice"
    GIVEN_TWICE = "given-twice"
    COMMON_PASSWORD = "common-password"
    WRONG_PASSWORD = "wrong-password"
    NOT_DECODABLE = "not-decodable"
    NOT_JSON = "not-json"


class Fault(str):
    """A sentence that knows its code and the limits it speaks of.

    It is a string, so that whatever carries sentences carries it as well.
    """

    code: str
    limits: Mapping[str, Any]

    def __new__(
        cls,
        sentence: str,
        code: str,
        limits: Mapping[str, Any] | None = None,
    ) -> Self:
        """Say it in a sentence for the caller."""
        fault = super().__new__(cls, sentence)
        fault.code = code
        fault.limits = limits or {}
        return fault

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        """Be copied whole."""
        return type(self), (str(self), self.code, self.limits)

    @override
    def format(self, *args: object, **filled: object) -> Self:
        """Fill in the sentence; the code stays."""
        sentence = super().format(*args, **filled)
        return type(self)(sentence, self.code, self.limits)
