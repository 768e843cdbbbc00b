"""Asking a provider that must fail."""

import traceback
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import pytest

from prilavok.clients.email_provider.port import EmailProvider
from prilavok.domain.esp import EspUnavailable

EMAIL: Final = "ann+secret@example.com"
Question: TypeAlias = Callable[[EmailProvider, str], Awaitable[object]]


async def ensure(provider: EmailProvider, email: str) -> object:
    """Ask the one question."""
    return await provider.ensure_contact(email)


async def find(provider: EmailProvider, email: str) -> object:
    """Ask the other."""
    return await provider.find(email)


async def failure(provider: EmailProvider, ask: Question) -> EspUnavailable:
    """Return the failure that must come of asking; nothing of it names the email."""
    try:
        await ask(provider, EMAIL)
    except EspUnavailable as error:
        told = "".join(traceback.format_exception(error))
        assert "secret" not in told
        return error
    pytest.fail("It did not fail.")
