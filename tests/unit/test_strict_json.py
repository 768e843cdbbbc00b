"""The strict JSON reader agrees with the usual one, and takes linear time."""

import json
from math import isfinite
from time import process_time
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from prilavok.transport.strict_json import MAX_DEPTH, MAX_VALUES, read_json

TEXTS: Final = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
NUMBERS: Final = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False).filter(
    isfinite,
)
DOCUMENTS: Final = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)
# Pieces that a quadratic reader would look at again and again.
PIECES: Final = MappingProxyType(
    {
        "escaped quotes": rb"\"",
        "backslashes": rb"\\",
        "quotes": b'"',
        "escaped line ends": rb"\n",
        "brackets": b"[],",
        "braces": b"{},",
        "open brackets in text": b'"[",',
        "digits": b"9",
        "spaces": b" ",
    },
)
LONGEST: Final = 1024 * 1024
DOUBLINGS: Final = 3
READINGS: Final = 3
GROWTH: Final = 2.5


@given(document=DOCUMENTS, is_ascii=st.booleans())
def test_what_json_can_say_is_read(document: Any, is_ascii: bool) -> None:
    """Escaped or not, as ``json`` reads it."""
    body = json.dumps(document, ensure_ascii=is_ascii).encode()

    assert read_json(body) == document


@given(body=st.binary() | TEXTS.map(str.encode))
def test_anything_else_is_a_validation_error(body: bytes) -> None:
    """No other exception comes out, and what is read could be written again."""
    try:
        document = read_json(body)
    except ValidationError as error:
        assert error.messages
    else:
        assert json.loads(body) == document


@pytest.mark.parametrize("kinds", ["[", "{", "[{", "{["])
def test_depth_is_limited(kinds: str) -> None:
    """As deep as allowed is read; one more is not; brackets in text do not count."""
    document: Any = "[" * LONGEST
    for level in range(MAX_DEPTH):
        is_list = kinds[level % len(kinds)] == "["
        document = [document] if is_list else {"a": document, "b": 0}
    wide: Any = [[{}] for _ in range(MAX_VALUES // 4)]

    assert read_json(json.dumps(document).encode()) == document
    assert read_json(json.dumps(wide).encode()) == wide
    with pytest.raises(ValidationError, match="deeper"):
        read_json(json.dumps([document]).encode())


def test_number_of_values_is_limited() -> None:
    """As many as allowed are read; one more is not; commas in texts do not count."""
    most = list(range(MAX_VALUES))
    commas = ["," * LONGEST, '",\\' * LONGEST, list(range(MAX_DEPTH))]

    assert read_json(json.dumps(most).encode()) == most
    assert read_json(json.dumps(commas).encode()) == commas
    for document in ([*most, 0], {str(number): 0 for number in range(MAX_VALUES + 1)}):
        with pytest.raises(ValidationError, match="values"):
            read_json(json.dumps(document).encode())


def test_number_of_texts_is_limited() -> None:
    """Also of those that are no JSON: nobody looks through all of them."""
    with pytest.raises(ValidationError, match="values"):
        read_json(b"," * (MAX_VALUES + 1) + b'""' * LONGEST)


def seconds(body: bytes) -> float:
    """Measure the quickest of a few readings, refused or not."""
    measured = []
    for _ in range(READINGS):
        started = process_time()
        with pytest.raises(ValidationError):
            read_json(body)
        measured.append(process_time() - started)
    return min(measured)


@pytest.mark.parametrize("name", PIECES)
def test_time_grows_with_length_only(name: str) -> None:
    """Twice the body takes hardly more than twice the time, up to the limit."""
    whole = (b'"%s' % (PIECES[name] * LONGEST))[:LONGEST]
    part = whole[: LONGEST >> DOUBLINGS]

    assert seconds(whole) < seconds(part) * GROWTH**DOUBLINGS
