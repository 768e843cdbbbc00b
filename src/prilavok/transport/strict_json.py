"""JSON as the contract wants it: nothing that two readers could understand apart."""

import json
import re
from math import isfinite
from typing import Any, Final, NoReturn

import orjson
from marshmallow import ValidationError

MAX_DEPTH: Final = 32
# The parsers below let nothing else run, in whatever thread they are: what they may
# take on is counted before, so that it takes some ten milliseconds at most.
MAX_VALUES: Final = 20_000
# A value has at most a name and a text.
MAX_QUOTES: Final = 4 * (MAX_VALUES + 1)
# A text without escapes. Possessive, and without its end also a text: each byte is
# looked at once, so that a body costs time in proportion to its length.
TEXT: Final = re.compile(rb'"[^"]*+"?')
BYTES: Final = 256
SIGNS: Final = b"[]{},"
OTHERS: Final = bytes(code for code in range(BYTES) if code not in SIGNS)
ALIKE: Final = bytes.maketrans(b"{}", b"[]")
TOO_MANY: Final = f"The body has more than {MAX_VALUES} values."
ESCAPED_NUL: Final = b"u0000"


def read_json(body: bytes) -> Any:
    """Parse a body or raise ``ValidationError`` that names what is wrong with it.

    Refused beside malformed JSON: other encodings than UTF-8, NaN and Infinity,
    integers beyond 64 bits, names given twice, NUL, lone surrogates, more values than
    ``MAX_VALUES``, and nesting deeper than ``MAX_DEPTH``, which the parsers below would
    overflow their stack on.
    """
    _check_size(body)
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        # Refuses lone surrogates and integers that no reader of ours could write.
        orjson.dumps(document)
    except (ValueError, orjson.JSONEncodeError) as error:
        raise ValidationError(f"The body is not valid JSON: {error}.") from error
    if ESCAPED_NUL in body and _holds_nul(document):
        raise ValidationError("The body holds a NUL character.")
    return document


def _check_size(body: bytes) -> None:
    """Refuse what has too many values or is nested too deep.

    Whole passes at the speed of C; signs in texts count only where without them there
    would be too many.
    """
    opened = body.count(b"[") + body.count(b"{")
    if opened <= MAX_DEPTH and opened + body.count(b",") <= MAX_VALUES:
        return
    # Left of a quote an odd number of backslashes escapes it: pairs go first.
    unescaped = body.replace(rb"\\", b"").replace(rb"\"", b"")
    if unescaped.count(b'"') > MAX_QUOTES:
        raise ValidationError(TOO_MANY)
    signs = TEXT.sub(b"", unescaped).translate(ALIKE, OTHERS)
    if signs.count(b"[") + signs.count(b",") > MAX_VALUES:
        raise ValidationError(TOO_MANY)
    _check_depth(signs.replace(b",", b""))


def _check_depth(brackets: bytes) -> None:
    """Peel off the innermost brackets, as many times as they may be nested."""
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise ValidationError(f"The body is nested deeper than {MAX_DEPTH}, or cut.")


def _holds_nul(document: Any) -> bool:
    """Tell whether a name or a text holds NUL; the depth is limited by now."""
    if isinstance(document, str):
        return "\0" in document
    if isinstance(document, dict):
        return any(map(_holds_nul, (*document, *document.values())))
    return isinstance(document, list) and any(map(_holds_nul, document))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("a number is too large")
    return number
