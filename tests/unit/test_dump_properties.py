"""The compiled dump equals marshmallow's own, for every schema we answer with.

Those of reports are in test_report_answers.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields, post_dump

from prilavok.domain.sessions import Holder
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.fields import Timestamp, utc_text
from prilavok.schemas.reports.envelope import ReportSchema
from prilavok.schemas.sessions import HolderSchema
from prilavok.transport.routes import ROUTES
from tests.unit.answers import ANSWERS, HOLDERS, INTEGERS, MOMENTS

ANSWERED: Final = sorted(
    {
        type(answer)
        for route in ROUTES
        for answer in (route.answer, route.detail)
        if answer is not None and not isinstance(answer, ReportSchema)
    },
    key=lambda schema: schema.__name__,
)


@dataclass
class Parcel:
    """A value with everything a field can ask for."""

    weight: float | None
    count: int
    sender: Holder | None
    sent_at: datetime | None


PARCELS: Final = st.lists(
    st.builds(
        Parcel,
        count=INTEGERS,
        sender=HOLDERS,
        sent_at=st.none() | MOMENTS,
        weight=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    ),
)


class ParcelSchema(Schema):
    """A schema with everything the compiler must not get wrong."""

    grams = fields.Float(attribute="weight", data_key="weight-g")
    count = fields.Integer(as_string=True)
    sender = fields.Nested({"login": fields.String(), "one": fields.Constant(1)})
    sender_id = fields.Pluck(HolderSchema, "id", attribute="sender", dump_only=True)
    sent_at = Timestamp()
    sent_on = fields.Function(lambda parcel: parcel.sent_at and parcel.sent_at.year)
    label = fields.String(dump_default="none")


class HookedSchema(ParcelSchema):
    """A schema that changes its own dump."""

    @post_dump
    def seal(self, document: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add what no field says."""
        return document | {"sealed": True}


def same(schema: Schema, answer: object) -> bool:
    """Compare the two dumps as the JSON they become."""
    compiled = orjson.loads(orjson.dumps(compiled_dump(schema)(answer)))
    return bool(compiled == orjson.loads(orjson.dumps(schema.dump(answer))))


@pytest.mark.parametrize("schema", ANSWERED)
@settings(max_examples=30)
@given(draw=st.data())
def test_every_answer_of_a_route(schema: type[Schema], draw: st.DataObject) -> None:
    """A route whose answer is not among ANSWERS fails here."""
    assert same(schema(), draw.draw(ANSWERS[schema]))


@pytest.mark.parametrize("schema", [ParcelSchema, HookedSchema])
@given(parcels=PARCELS)
def test_awkward_schemas(schema: type[Schema], parcels: list[Parcel]) -> None:
    """Renamed, constant, computed, plucked and hooked fields come out alike."""
    assert same(schema(many=True), parcels)


def test_times_are_utc_with_microseconds() -> None:
    """The contract's form, wherever the time comes from."""
    moment = datetime(2026, 11, 20, 14, tzinfo=timezone(timedelta(hours=2)))

    assert utc_text(moment) == "2026-11-20T12:00:00.000000Z"
