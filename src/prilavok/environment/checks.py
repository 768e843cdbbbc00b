"""What a setting must look like; each raises ``ValidationError`` that says why."""

from ipaddress import ip_network
from pathlib import Path
from re import compile as pattern
from typing import Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from prilavok.domain.source_pairs import read_pairs

ORIGIN: Final = pattern(r"https?://[a-z0-9.\-]+(:[0-9]{1,5})?\Z")
MIN_SECRET_LENGTH: Final = 32


def networks(listed: list[str]) -> None:
    """Refuse what is no list of IP addresses and networks."""
    for text in listed:
        try:
            ip_network(text)
        except ValueError as error:
            raise ValidationError(f"{text!r} is no IP address or network.") from error


def secrets(listed: list[str]) -> None:
    """Refuse keys that can be guessed."""
    if any(len(text) < MIN_SECRET_LENGTH for text in listed):
        raise ValidationError(
            f"Each key needs at least {MIN_SECRET_LENGTH} characters.",
        )


def origins(listed: list[str]) -> None:
    """Refuse what is no origin as browsers write it: scheme, host, perhaps a port."""
    for text in listed:
        if not ORIGIN.match(text):
            raise ValidationError(f"{text!r} is no origin like https://shop.example.")


def file_store(url: str | None) -> None:
    """Refuse what is neither a folder nor a bucket."""
    if url is not None and not url.startswith(("file:///", "s3://")):
        raise ValidationError("It must begin with file:/// or s3://.")


def pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    """Read ``name=url`` pairs."""
    try:
        return tuple(read_pairs(text or "").items())
    except ValueError as error:
        raise ValidationError(str(error)) from error


def path(text: str | None) -> Path | None:
    """Read the place of a file; whether it is there is seen when it is opened."""
    return Path(text) if text else None


def zone(name: str | None) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(f"{name!r} is no time zone.") from error
