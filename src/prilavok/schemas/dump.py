"""Schema dumps compiled once, so that long answers cost little."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from marshmallow import Schema, fields, missing
from marshmallow.decorators import POST_DUMP, PRE_DUMP

from prilavok.schemas.fields import Timestamp, utc_text
from prilavok.schemas.numbers import TextInteger

Dump: TypeAlias = Callable[[Any], Any]

# Fields that orjson writes as marshmallow would, given what their type promises.
# Exact types: a subclass may serialize in its own way.
PLAIN: Final = frozenset(
    (fields.Boolean, fields.Date, fields.Email, fields.Integer, fields.String),
)
CONVERTED: Final = MappingProxyType[type, Dump](
    {
        # orjson knows uuid.UUID, but not the subclass that asyncpg returns.
        fields.UUID: str,
        TextInteger: str,
        Timestamp: utc_text,
    },
)


@cache
def compiled_dump(schema: Schema) -> Dump:
    """Return a quicker ``schema.dump`` for dataclasses, equal once written as JSON.

    The object must have every field: a missing one is an error here, while
    marshmallow would leave it out. Schemas with dump hooks keep their own ``dump``.
    """
    hooks = type(schema).resolve_hooks()
    if hooks[PRE_DUMP] or hooks[POST_DUMP]:
        return schema.dump
    dump_one = _read_one_by_one(schema)
    if len(schema.dump_fields) > 1 and all(map(_is_read, schema.dump_fields.values())):
        dump_one = _read_at_once(schema)
    return partial(_dump_many, dump_one) if schema.many else dump_one


def _read_at_once(schema: Schema) -> Dump:
    """Take all attributes in one step, then convert those that JSON cannot hold."""
    named = schema.dump_fields
    read = attrgetter(*(field.attribute or name for name, field in named.items()))
    converters = {_key(*pair): _converter(pair[1]) for pair in named.items()}
    return partial(_dump_read, tuple(converters), read, _needed(converters))


def _needed(converters: dict[str, Dump | None]) -> tuple[tuple[str, Dump], ...]:
    return tuple((key, found) for key, found in converters.items() if found is not None)


def _read_one_by_one(schema: Schema) -> Dump:
    getters = {
        _key(name, field): _getter(name, field)
        for name, field in schema.dump_fields.items()
    }
    return partial(_dump_one, tuple(getters.items()))


def _is_read(field: fields.Field[Any]) -> bool:
    """Tell whether the value is that of an attribute, perhaps converted."""
    if field.dump_default is not missing:
        return False
    return _is_plain(field) or _converter(field) is not None


def _getter(name: str, field: fields.Field[Any]) -> Dump:
    if not _is_read(field):
        return partial(field.serialize, name)
    read = attrgetter(field.attribute or name)
    convert = _converter(field)
    return read if convert is None else partial(_convert, read, convert)


def _converter(field: fields.Field[Any]) -> Dump | None:
    if isinstance(field, fields.Nested) and not isinstance(field, fields.Pluck):
        return compiled_dump(field.schema)
    return CONVERTED.get(field.__class__)


def _key(name: str, field: fields.Field[Any]) -> str:
    return name if field.data_key is None else field.data_key


def _is_plain(field: fields.Field[Any]) -> bool:
    return field.__class__ in PLAIN and not getattr(field, "as_string", False)


def _convert(read: Dump, convert: Dump, source: object) -> Any:
    found = read(source)
    return None if found is None else convert(found)


def _dump_one(getters: tuple[tuple[str, Dump], ...], source: object) -> Any:
    return {key: get(source) for key, get in getters}


def _dump_read(
    keys: tuple[str, ...],
    read: Dump,
    converters: tuple[tuple[str, Dump], ...],
    source: object,
) -> Any:
    document = dict(zip(keys, read(source)))
    for key, convert in converters:
        found = document[key]
        if found is not None:
            document[key] = convert(found)
    return document


def _dump_many(dump_one: Dump, sources: Iterable[object]) -> Any:
    return [dump_one(source) for source in sources]
