"""The first administrator of a new installation."""

import asyncio
from secrets import token_urlsafe
from typing import Final

from prilavok.assembly.services import open_services
from prilavok.services.accounts.bootstrap import WeakPassword
from prilavok.settings import Settings, SettingsError

PASSWORD_BYTES: Final = 12
KNOWN: Final = "as before; `prilavok admin reset-password` makes a new one"


def make_administrator(settings: Settings) -> str:
    """Make one while there is none; say in words which password is right.

    Without ADMIN_PASSWORD it is a random one, which nobody keeps: these words are the
    only place where it can be read. ``SettingsError`` where ADMIN_PASSWORD is needed
    and too weak.
    """
    password = settings.admin_password or token_urlsafe(PASSWORD_BYTES)
    if not asyncio.run(_is_made(settings, password)):
        return KNOWN
    if settings.admin_password:
        return "the one in ADMIN_PASSWORD"
    return f"{password}  (shown only this once)"


async def _is_made(settings: Settings, password: str) -> bool:
    async with open_services(settings) as services:
        try:
            return await services.bootstrap.prepare(settings.admin_login, password)
        except WeakPassword as error:
            raise SettingsError(f"ADMIN_PASSWORD: {error}") from error
