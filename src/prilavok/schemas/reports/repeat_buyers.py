"""Report 7."""

from typing import final

from marshmallow import Schema, fields

from prilavok.schemas.reports.envelope import ReportSchema


@final
class UserCountSchema(Schema):
    """How many buyers have two or more paid carts."""

    users = fields.Integer()


@final
class PurchaseUsersSchema(Schema):
    """How many buyers have this number of paid carts."""

    purchases = fields.Integer()
    users = fields.Integer()


@final
class RepeatBuyersSchema(ReportSchema):
    """Buyers by their number of purchases, from 1 to the largest."""

    answer = fields.Nested(UserCountSchema, attribute="findings.answer")
    rows = fields.Nested(PurchaseUsersSchema, many=True, attribute="findings.rows")
