"""Report 6."""

from typing import final

from marshmallow import Schema, fields

from prilavok.domain.reports.questions import PagedDays
from prilavok.schemas.numbers import TextInteger
from prilavok.schemas.paging import PagedSchema, PageSchema
from prilavok.schemas.reports.envelope import MetaSchema, ReportSchema
from prilavok.schemas.reports.queries import RangeSchema


@final
class UnpaidCartsQuery(RangeSchema[PagedDays], PagedSchema[PagedDays]):
    """Which days, and which page of the carts."""

    target = PagedDays


@final
class CartCountSchema(Schema):
    """How many carts were never paid."""

    carts = fields.Integer()


@final
class FunnelSchema(Schema):
    """Carts, those of them that reached the pay page, those that were paid."""

    carts = fields.Integer()
    with_pay = fields.Integer()
    paid = fields.Integer()


@final
class FunnelMetaSchema(MetaSchema):
    """The data behind a report about carts."""

    funnel = fields.Nested(FunnelSchema)


class UnpaidCartSchema(Schema):
    """A cart without a payment; the visitor is the address that opened it."""

    cart_id = fields.Integer()
    created_at = fields.NaiveDateTime()
    visitor = fields.String()
    lines = fields.Integer()


@final
class UnpaidCartTextSchema(UnpaidCartSchema):
    """The same with ``ids=string``."""

    cart_id = TextInteger()


class UnpaidCartsSchema(ReportSchema, PageSchema):
    """One page of the unpaid carts, the oldest first."""

    answer = fields.Nested(CartCountSchema, attribute="findings.answer")
    rows = fields.Nested(UnpaidCartSchema, many=True, attribute="findings.rows")
    meta = fields.Nested(FunnelMetaSchema)
    page = fields.Integer(attribute="parameters.page")
    per_page = fields.Integer(attribute="parameters.per_page")
    total = fields.Integer(attribute="findings.total")


@final
class UnpaidCartsTextSchema(UnpaidCartsSchema):
    """The same with ``ids=string``."""

    rows = fields.Nested(UnpaidCartTextSchema, many=True, attribute="findings.rows")
