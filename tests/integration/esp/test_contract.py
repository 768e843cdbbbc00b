"""What every adapter promises, whoever the provider is."""

import asyncio
from collections import Counter
from typing import Final

import pytest

from prilavok.domain.esp import EspAnswer, EspOutage, EspState
from tests.esp.ledger import BLOCKED
from tests.esp.modes import Mode
from tests.esp.server import EspServer

CREATED: Final = EspAnswer(EspState.CREATED)
KNOWN: Final = EspAnswer(EspState.KNOWN)
# What breaks paths, queries, forms and SQL that are put together carelessly.
ODD_EMAILS: Final = (
    "o'brien@example.com",
    "''or''1''='1@example.com",
    "ann+game@example.com",
    "ann%40bob@example.com",
    "ann&bob=1;x@example.com",
    "ann?bob#x@example.com",
    "ann/../bob@example.com",
    r"back\slash@example.com",
    "{ann}*`|~!$^@example.com",
    "ann@bücher.example",
    "ann@xn--80ak6aa92e.example",
)
NON_ASCII_LOCAL: Final = (
    "müller@example.com",
    "почта@пример.example",
    "用户@example.com",
)


async def test_created_once_and_known_ever_after(esp: EspServer) -> None:
    """Also to another process, and however the letters are written."""
    async with esp.opened() as provider, esp.opened() as other:
        absent = await provider.find("ann@example.com")
        answers = [
            await provider.ensure_contact("ann@example.com"),
            await provider.ensure_contact("ann@example.com"),
            await other.ensure_contact("ANN@example.com"),
        ]
        found = await other.find("ann@example.com")

    assert answers == [CREATED, KNOWN, KNOWN]
    assert (absent, found) == (None, "ann@example.com")
    assert esp.ledger.made == Counter({"ann@example.com": 1})


async def test_only_one_of_many_creates(esp: EspServer) -> None:
    """Nobody checks and then creates unseen."""
    async with esp.opened() as provider:
        answers = await asyncio.gather(
            *(provider.ensure_contact("ann@example.com") for _ in range(20)),
        )

    assert Counter(answers) == Counter({CREATED: 1, KNOWN: 19})
    assert esp.ledger.made == Counter({"ann@example.com": 1})


@pytest.mark.parametrize("email", ODD_EMAILS)
async def test_emails_arrive_as_they_are(esp: EspServer, email: str) -> None:
    """No character of an email means anything on the way."""
    async with esp.opened() as provider:
        await provider.ensure_contact("bob@example.com")
        absent = await provider.find(email)
        answers = [await provider.ensure_contact(email) for _ in range(2)]
        found = await provider.find(email)

    spelled = esp.ledger.spelled[_at_home(esp, email)]
    assert answers == [CREATED, KNOWN]
    assert (absent, found) == (None, spelled)
    assert len(esp.ledger.made) == 2


@pytest.mark.parametrize("email", NON_ASCII_LOCAL)
async def test_letters_of_the_world_before_the_at(esp: EspServer, email: str) -> None:
    """Mailman takes ASCII there and nothing else, and says so for good."""
    async with esp.opened() as provider:
        answers = [await provider.ensure_contact(email) for _ in range(2)]
        found = await provider.find(email)

    if esp.provider == "mailman":
        assert {answer.state for answer in answers} == {EspState.REJECTED}
    else:
        assert (answers, found) == ([CREATED, KNOWN], email)


@pytest.mark.parametrize("email", [f"ann{BLOCKED}", "nonsense"])
async def test_a_refusal_for_good_has_its_reason(esp: EspServer, email: str) -> None:
    """In one short line without the email."""
    async with esp.opened() as provider:
        answer = await provider.ensure_contact(email)

    assert answer.state is EspState.REJECTED
    assert answer.error
    assert email not in answer.error
    assert answer.was_known is None
    assert not esp.ledger.made


async def test_a_lost_answer_is_known_the_next_time(esp: EspServer) -> None:
    """Scenario 5: created, but the connection broke before we heard of it."""
    async with esp.opened() as provider:
        esp.turn(Mode.LOST)
        with pytest.raises(EspOutage):
            await provider.ensure_contact("ann@example.com")
        esp.turn(Mode.OK)
        answer = await provider.ensure_contact("ann@example.com")

    assert answer == KNOWN
    assert esp.ledger.made == Counter({"ann@example.com": 1})


def _at_home(esp: EspServer, email: str) -> str:
    """Spell the key under which the provider has it."""
    if esp.provider != "mailman":
        return email
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
