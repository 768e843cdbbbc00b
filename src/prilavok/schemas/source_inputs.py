"""What may be asked of sources."""

from typing import Final, final

from marshmallow import ValidationError, fields

from prilavok.domain import source_items, sources
from prilavok.domain.faults import Fault, FaultCode
from prilavok.schemas.base import InputSchema, Parsed, PatchSchema
from prilavok.schemas.checks import Length, Range, Regexp
from prilavok.schemas.fields import JsonBoolean
from prilavok.schemas.numbers import JsonInteger, JsonNumber
from prilavok.schemas.paging import PagedSchema, Sort

NAME: Final = Regexp(
    rf"[A-Za-z0-9._-]{{1,{sources.NAME_MAX_LENGTH}}}\Z",
    error="1 to 64 of: letters A-Z and a-z, digits, dot, underscore, hyphen.",
)
POSITIVE: Final = Range(0, min_inclusive=False)
POSITION: Final = Range(0, sources.MAX_POSITION)
# Headers that say how the request itself is sent, and so are not a source's to want.
OURS: Final = frozenset(
    (
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "accept",
        "accept-encoding",
        "keep-alive",
        "proxy-connection",
        "user-agent",
    ),
)


def check_url(url: str) -> None:
    """Refuse what no source can have as its address."""
    try:
        sources.check_url(url)
    except ValueError as error:
        raise ValidationError(Fault(str(error), FaultCode.WRONG_FORM)) from error


def check_header(name: str) -> None:
    """Refuse headers that are not for credentials."""
    if name.lower() in OURS:
        raise ValidationError("This header is not for credentials.")


@final
class CredentialSchema(InputSchema[source_items.Credential]):
    """A header that the source wants to see; no answer ever shows it."""

    target = source_items.Credential

    header = fields.String(
        required=True,
        validate=(Regexp(r"[A-Za-z0-9-]{1,64}\Z"), check_header),
    )
    secret = fields.String(
        required=True,
        validate=(
            Regexp(r"[!-~]([ -~]*[!-~])?\Z", error="Visible ASCII on one line."),
            Length(1, sources.CREDENTIAL_MAX_LENGTH),
        ),
    )


@final
class CreateSourceSchema(InputSchema[sources.CreateSource]):
    """Body of ``POST /sources``."""

    target = sources.CreateSource

    name = fields.String(required=True, validate=NAME)
    url = fields.String(required=True, validate=check_url)
    timeout_s = JsonNumber(validate=POSITIVE)
    position = JsonInteger(validate=POSITION)
    enabled = JsonBoolean()
    credential = Parsed(CredentialSchema, allow_none=True)


@final
class EditSourceSchema(PatchSchema):
    """Body of ``PATCH /sources/{id}``; null takes the credential away."""

    name = fields.String(validate=NAME)
    url = fields.String(validate=check_url)
    timeout_s = JsonNumber(validate=POSITIVE)
    position = JsonInteger(validate=POSITION)
    enabled = JsonBoolean()
    credential = Parsed(CredentialSchema, allow_none=True)


@final
class ListSourcesSchema(PagedSchema[sources.ListSources]):
    """Query of ``GET /sources``."""

    target = sources.ListSources

    sort = Sort(("position", "name", "url", "enabled"))
    search = fields.String(data_key="q")
    enabled = fields.Boolean(truthy={"true"}, falsy={"false"})


@final
class FetchItemsSchema(InputSchema[source_items.FetchItems]):
    """Query of ``GET /sources/items``."""

    target = source_items.FetchItems

    detail = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Also tell how each source did."},
    )
    strict = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "502 unless every source delivered."},
    )
    stale = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "A failed source's last good answer stands in."},
    )
