"""JSON shapes of playing."""

from types import MappingProxyType
from typing import Any, Final, final

from marshmallow import Schema, fields

from prilavok.domain.esp import EspState
from prilavok.domain.plays import RegisterPlay
from prilavok.schemas.base import InputSchema
from prilavok.schemas.checks import Length
from prilavok.schemas.email_fields import Email

WEBSITE_MAX_LENGTH: Final = 2000
ESP_STATE: Final = MappingProxyType[str, Any](
    {
        "description": "What is known of the email at the email service provider: "
        "`known` (it was there), `created` (we brought it there), `pending` (it is "
        "still to be asked), `rejected` (it refused the email for good).",
        "enum": [state.value for state in EspState],
    },
)
IN_ESP: Final = "Was the email at the provider before; null while that is unknown."


@final
class RegisterPlaySchema(InputSchema[RegisterPlay]):
    """Body of ``POST /plays``."""

    target = RegisterPlay

    email = Email(required=True)
    website = fields.String(
        validate=Length(max=WEBSITE_MAX_LENGTH),
        metadata={"description": "Left empty by people: pages hide this field."},
    )


@final
class PlaySchema(Schema):
    """A play as its player is told of it."""

    email = fields.String()
    in_esp = fields.Boolean(allow_none=True, metadata={"description": IN_ESP})
    esp_state = fields.String(metadata=ESP_STATE)
    in_game = fields.Boolean(
        metadata={"description": "Was the email in the game before this play."},
    )
    plays = fields.Integer(
        metadata={"description": "How often it has played, with this play."},
    )


@final
class AcceptedPlaySchema(Schema):
    """A play as its player is told of it with GAME_REVEAL=false."""

    email = fields.String()
