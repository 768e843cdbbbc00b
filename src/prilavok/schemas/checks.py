"""marshmallow's validators, with a code and limits for what they refuse."""

from typing import Any, final

from marshmallow import validate
from typing_extensions import override

from prilavok.domain.faults import Fault, FaultCode


@final
class Length(validate.Length):
    """How many characters or items there may be."""

    @override
    def _format_error(self, value: Any, message: str) -> str:
        sentence = super()._format_error(value, message)
        if self.min is not None and len(value) < self.min:
            return Fault(sentence, FaultCode.TOO_SHORT, {"min": self.min})
        return Fault(sentence, FaultCode.TOO_LONG, {"max": self.max})


@final
class Range(validate.Range):
    """Between what a number or a day must lie."""

    @override
    def _format_error(self, value: Any, message: str) -> str:
        sentence = super()._format_error(value, message)
        is_below = self.min is not None and value <= self.min
        if is_below and not (value == self.min and self.min_inclusive):
            return Fault(sentence, FaultCode.TOO_SMALL, {"min": self.min})
        return Fault(sentence, FaultCode.TOO_LARGE, {"max": self.max})


@final
class Regexp(validate.Regexp):
    """Of which form a text must be."""

    @override
    def _format_error(self, value: str | bytes) -> str:
        return Fault(super()._format_error(value), FaultCode.WRONG_FORM)


@final
class OneOf(validate.OneOf):
    """What there is to choose from."""

    @override
    def _format_error(self, value: Any) -> str:
        choices = {"choices": list(self.choices)}
        return Fault(super()._format_error(value), FaultCode.UNKNOWN_CHOICE, choices)
