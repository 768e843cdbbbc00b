"""The quick dump writes what marshmallow writes."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from marshmallow import Schema, fields

from prilavok.domain.paging import Page
from prilavok.domain.users import Avatar, User
from prilavok.schemas.dump import compiled_dump
from prilavok.schemas.users import UserPageSchema, UserSchema


def user(**given: Any) -> User:
    """Make an account with some fields given."""
    plain: dict[str, Any] = {
        "id": UUID(int=1),
        "login": "ann",
        "first_name": "Ann",
        "last_name": "Smith",
        "email": None,
        "birth_date": None,
        "role": "User",
        "language": "en",
        "is_active": True,
        "registered_at": datetime(2026, 11, 20, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 20, tzinfo=UTC),
        "version": 1,
        "avatar": Avatar("none", None),
    }
    return User(**plain | given)


class Renamed(Schema):
    """A schema with all that is not plain."""

    login = fields.String(data_key="name", attribute="last_name")
    shout = fields.Function(lambda found: found.login.upper())
    missing = fields.String(dump_default="nothing")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"email": "ann@example.com", "birth_date": date(1990, 2, 28)},
        {"registered_at": datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=3)))},
        {"updated_at": datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)},
    ],
)
@pytest.mark.parametrize("schema", [UserSchema(), Renamed()])
def test_one_is_written_alike(schema: Schema, given: dict[str, Any]) -> None:
    """Nulls, dates, microseconds and other zones included."""
    quick = compiled_dump(schema)(user(**given))

    assert orjson.dumps(quick) == orjson.dumps(schema.dump(user(**given)))


def test_page_is_written_alike() -> None:
    """A list inside an answer, too."""
    page = Page([user(), user(login="bob")], total=2, page=1, per_page=50)
    schema = UserPageSchema()

    assert orjson.dumps(compiled_dump(schema)(page)) == orjson.dumps(schema.dump(page))
