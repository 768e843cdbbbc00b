"""JSON shapes of players."""

from types import MappingProxyType
from typing import Any, Final, final

from marshmallow import Schema, fields

from prilavok.domain import players
from prilavok.domain.esp import EspState
from prilavok.schemas.base import InputSchema, PatchSchema
from prilavok.schemas.checks import OneOf, Range
from prilavok.schemas.email_fields import Email
from prilavok.schemas.fields import Moment, MomentAfter, Timestamp
from prilavok.schemas.numbers import JsonInteger
from prilavok.schemas.paging import PagedSchema, PageSchema, Sort
from prilavok.schemas.plays import ESP_STATE

PLAYS: Final = Range(0, players.MAX_PLAYS)
NEVER: Final = MappingProxyType[str, Any](
    {"description": "null while it has not played."},
)
SORTED_BY: Final = ("email", "plays", "esp_state", "first_played_at", "last_played_at")


@final
class PlayerSchema(Schema):
    """A player."""

    id = fields.UUID()
    email = fields.String()
    plays = fields.Integer()
    in_esp = fields.Boolean(
        allow_none=True,
        metadata={"description": "true when known or created, else null."},
    )
    esp_state = fields.String(metadata=ESP_STATE)
    esp_error = fields.String(
        allow_none=True,
        metadata={"description": "Why it is rejected, or still pending."},
    )
    first_played_at = Timestamp(allow_none=True, metadata=NEVER)
    last_played_at = Timestamp(allow_none=True, metadata=NEVER)
    version = fields.Integer()


@final
class PlayerPageSchema(PageSchema):
    """One page of players."""

    items = fields.Nested(PlayerSchema, many=True)


@final
class CreatePlayerSchema(InputSchema[players.CreatePlayer]):
    """Body of ``POST /players``."""

    target = players.CreatePlayer

    email = Email(required=True)
    plays = JsonInteger(validate=PLAYS)


@final
class EditPlayerSchema(PatchSchema):
    """Body of ``PATCH /players/{id}``."""

    email = Email()
    plays = JsonInteger(validate=PLAYS)


@final
class ListPlayersSchema(PagedSchema[players.ListPlayers]):
    """Query of ``GET /players``."""

    target = players.ListPlayers

    sort = Sort(SORTED_BY)
    search = fields.String(data_key="q")
    esp_state = fields.String(validate=OneOf(tuple(EspState)))
    played_from = Moment()
    played_to = MomentAfter()
