"""What the codes of single items of ``errors`` mean."""

from types import MappingProxyType
from typing import Final

from prilavok.domain.faults import FaultCode
from prilavok.transport.problem_texts import PROBLEM_TEXTS

FAULT_TEXTS: Final = MappingProxyType[str, str](
    {
        FaultCode.INVALID: "What stands at the pointer is refused; detail says why.",
        FaultCode.REQUIRED: "It must be given.",
        FaultCode.IS_NULL: "It may not be null.",
        FaultCode.WRONG_TYPE: "It is of another type of JSON than it must be.",
        FaultCode.WRONG_FORM: "It is no text of the form it must have, such as a date, "
        "a mail or a name.",
        FaultCode.TOO_SHORT: "It has fewer characters or items than limits.min.",
        FaultCode.TOO_LONG: "It has more characters or items than limits.max.",
        FaultCode.TOO_SMALL: "It lies before limits.min.",
        FaultCode.TOO_LARGE: "It lies beyond limits.max.",
        FaultCode.UNKNOWN_FIELD: "Nothing of this name is read here.",
        FaultCode.UNKNOWN_CHOICE: "It is none of what it may be; limits.choices lists "
        "them where they are few.",
        FaultCode.GIVEN_TWICE: "It is given more than once.",
        FaultCode.COMMON_PASSWORD: "It is one of the most common passwords.",
        FaultCode.WRONG_PASSWORD: "It is not the password of the account.",
        FaultCode.NOT_DECODABLE: "Its bytes are not what its encoding promises.",
        FaultCode.NOT_JSON: "The body breaks a rule of JSON as this service reads it: "
        "UTF-8, no name twice in an object, no NaN, limited depth and size.",
    },
)
# All codes that a problem document may have, at the top or in an item.
CODE_TEXTS: Final = MappingProxyType[str, str]({**PROBLEM_TEXTS, **FAULT_TEXTS})
