"""Our adapter and the real GNU Mailman Core 3.3."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession, encode_basic_auth

from prilavok.clients.email_provider.opening import open_provider
from prilavok.clients.email_provider.port import EmailProvider
from prilavok.domain.esp import EspMisconfigured, EspOutage, EspState
from tests.esp.mailman import LIST, PASSWORD, USER
from tests.esp.mailman_environment import MailmanMissing, mailman_programs
from tests.esp.mailman_process import BANNED, POSTING_ADDRESS, running_mailman
from tests.integration.esp.test_contract import (
    CREATED,
    KNOWN,
    NON_ASCII_LOCAL,
    ODD_EMAILS,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mailman(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Run Mailman, or say loudly that it cannot be had here."""
    try:
        programs = mailman_programs()
    except MailmanMissing as error:
        reporter = request.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"\nNOT TESTED WITH MAILMAN: {error}", red=True)
        pytest.skip(f"Mailman is not here: {error}")
    with running_mailman(programs, tmp_path_factory.mktemp("mailman")) as url:
        yield url


@pytest.fixture
async def provider(mailman: str) -> AsyncIterator[EmailProvider]:
    """Open our adapter; the list is named by its posting address."""
    opened = open_provider("mailman", mailman, USER, PASSWORD, POSTING_ADDRESS, 30)
    async with opened as adapter:
        yield adapter


async def test_created_once_and_known_ever_after(provider: EmailProvider) -> None:
    """However the letters are written."""
    absent = await provider.find("ann@example.com")
    answers = [
        await provider.ensure_contact("Ann@example.com"),
        await provider.ensure_contact("ann@example.com"),
    ]

    assert (absent, answers) == (None, [CREATED, KNOWN])
    assert await provider.find("ANN@example.com") == "ann@example.com"


async def test_only_one_of_many_creates(provider: EmailProvider) -> None:
    """The rest hear that it is there, or an error of its database, which may pass."""
    answers = await asyncio.gather(
        *(provider.ensure_contact("many@example.com") for _ in range(8)),
        return_exceptions=True,
    )
    failed = [answer for answer in answers if isinstance(answer, BaseException)]

    assert all(isinstance(failure, EspOutage) for failure in failed), failed
    assert answers.count(CREATED) == 1
    assert answers.count(KNOWN) == 7 - len(failed)
    assert await provider.ensure_contact("many@example.com") == KNOWN


@pytest.mark.parametrize("email", ODD_EMAILS)
async def test_odd_emails_are_taken_or_refused_for_good(
    provider: EmailProvider,
    email: str,
) -> None:
    """Twice the same answer, and never a failure of ours."""
    first = await provider.ensure_contact(email)
    second = await provider.ensure_contact(email)

    if first.state is EspState.REJECTED:
        assert (second, bool(first.error)) == (first, True)
    else:
        assert (first, second) == (CREATED, KNOWN)


@pytest.mark.parametrize("email", [*NON_ASCII_LOCAL, "nonsense", BANNED])
async def test_a_refusal_for_good_has_its_reason(
    provider: EmailProvider,
    email: str,
) -> None:
    """These are the fake server's answers, too."""
    answer = await provider.ensure_contact(email)

    assert (answer.state, bool(answer.error)) == (EspState.REJECTED, True)


async def test_who_left_the_list_is_not_brought_back(
    mailman: str,
    provider: EmailProvider,
) -> None:
    """The address stays in Mailman, and so it is known."""
    await provider.ensure_contact("left@example.com")
    member = f"{mailman}/3.1/lists/{LIST}/member/left@example.com"
    headers = {"Authorization": encode_basic_auth(USER, PASSWORD)}
    async with ClientSession(headers=headers) as session:
        async with session.delete(member) as deleted:
            assert deleted.status == 204
        answer = await provider.ensure_contact("left@example.com")
        async with session.get(member) as found:
            assert (answer, found.status) == (KNOWN, 404)


@pytest.mark.parametrize(
    ("password", "contact_list"),
    [("wrong", LIST), (PASSWORD, "other@example.com")],
)
async def test_the_operators_mistakes_are_told_apart(
    mailman: str,
    password: str,
    contact_list: str,
) -> None:
    """No email is refused for them."""
    opened = open_provider("mailman", mailman, USER, password, contact_list, 30)
    async with opened as adapter:
        with pytest.raises(EspMisconfigured):
            await adapter.ensure_contact("bob@example.com")
