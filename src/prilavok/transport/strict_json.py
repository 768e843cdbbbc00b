"""JSON as the contract wants it: nothing that two readers could understand apart."""

import json
import re
from math import isfinite
from typing import Any, Final, NoReturn

import orjson
from marshmallow import ValidationError

MAX_DEPTH: Final = 32
# Possessive, and without its end also a string: each byte is looked at once, whatever
# quotes are open, so that a body costs time in proportion to its length.
STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
BYTES: Final = 256
BRACKETS: Final = b"[]{}"
OTHERS: Final = bytes(code for code in range(BYTES) if code not in BRACKETS)
ALIKE: Final = bytes.maketrans(b"{}", b"[]")
ESCAPED: Final = b"u0000"
# An escaped NUL, but not an escaped backslash before ``u0000``.
NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def read_json(body: bytes) -> Any:
    """Parse a body or raise ``ValidationError`` that names what is wrong with it.

    Refused beside malformed JSON: other encodings than UTF-8, NaN and Infinity,
    integers beyond 64 bits, names given twice, NUL, lone surrogates, and nesting
    deeper than ``MAX_DEPTH``, which the parsers below would overflow their stack on.
    """
    _check_depth(body)
    if ESCAPED in body and NUL.search(body):
        raise ValidationError("The body holds a NUL character.")
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
    return document


def _check_depth(body: bytes) -> None:
    """Peel off the innermost brackets, as many times as they may be nested.

    Whole passes at the speed of C: a loop over each bracket took a second a mebibyte.
    """
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    brackets = STRING.sub(b"", body).translate(ALIKE, OTHERS)
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise ValidationError(f"The body is nested deeper than {MAX_DEPTH}, or cut.")


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
