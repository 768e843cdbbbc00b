"""JSON shapes of lists that come in parts."""

from collections.abc import Iterable
from typing import Any, Final, final

from marshmallow import Schema, fields
from typing_extensions import override

from prilavok.domain.paging import DEFAULT_PER_PAGE, MAX_PAGE, MAX_PER_PAGE, Paging
from prilavok.schemas.base import InputSchema, InputT
from prilavok.schemas.checks import Range
from prilavok.schemas.fields import Cursor, Number

PER_PAGE: Final = Range(1, MAX_PER_PAGE)


class PagedSchema(InputSchema[InputT]):
    """Query of any paged list; a feature adds its filters as further fields."""

    page = Number(load_default=1, validate=Range(1, MAX_PAGE))
    per_page = Number(load_default=DEFAULT_PER_PAGE, validate=PER_PAGE)


@final
class PagingSchema(PagedSchema[Paging]):
    """Query of a paged list without filters."""

    target = Paging


class StretchedSchema(InputSchema[InputT]):
    """Query of any append-only list."""

    after = Cursor(load_default=None)
    limit = Number(load_default=DEFAULT_PER_PAGE, validate=PER_PAGE)


class PageSchema(Schema):
    """What every paged answer has beside its ``items``."""

    total = fields.Integer()
    page = fields.Integer()
    per_page = fields.Integer()


class StretchSchema(Schema):
    """What every part of an append-only list has beside its ``items``."""

    next = Cursor(allow_none=True)


@final
class Sort(fields.Field[tuple[str, ...]]):
    """``-registered_at,login``: columns from a fixed list, a minus turns one around."""

    default_error_messages = {"unknown": "Sort by some of: {known}."}

    def __init__(self, columns: Iterable[str], **options: Any) -> None:
        """Allow these columns; without the parameter none is sorted by."""
        self.columns = tuple(columns)
        super().__init__(load_default=(), **options)

    @override
    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        wanted = tuple(str(value).split(","))
        bare = [name.removeprefix("-") for name in wanted]
        if len(set(bare)) != len(bare) or not set(bare) <= set(self.columns):
            raise self.make_error("unknown", known=", ".join(self.columns))
        return wanted
