"""Players who keep a ledger of what they were told."""

from asyncio import sleep
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Final, final
from uuid import uuid4

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from tests.game.playing import PLAYS

TIMEOUT: Final = ClientTimeout(total=10)
PAUSE_SECONDS: Final = 0.1
# One in twenty mails is refused by the provider for good.
REFUSED_EVERY: Final = 20


@final
@dataclass(slots=True)
class PlayLedger:
    """Sends plays until each is acknowledged, and counts what was acknowledged.

    Each has a key of its own, so that it may be sent again when no answer came.
    ``firsts``: how often each mail was told that it had not played before.
    """

    url: str
    plays: int
    mails: int
    acknowledged: Counter[str] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)

    def emails(self) -> Iterator[str]:
        """Choose who plays: some often, some once; the same every time."""
        random = Random(self.plays)
        for number in count():
            mail = number if number < self.mails else random.randrange(self.mails)
            yield mail_of(mail)

    async def play_on(self, emails: Iterator[str]) -> None:
        """Play one after the other until all plays are acknowledged or under way."""
        async with ClientSession(timeout=TIMEOUT) as session:
            while self.plays > 0:
                self.plays -= 1
                await self._insist(session, next(emails))

    async def _insist(self, session: ClientSession, email: str) -> None:
        headers = {"Idempotency-Key": str(uuid4())}
        while True:
            answer = await self._attempt(session, email, headers)
            if answer is not None:
                break
            await sleep(PAUSE_SECONDS)
        assert answer["email"] == email
        self.acknowledged[email] += 1
        self.firsts[email] += not answer["in_game"]

    async def _attempt(
        self,
        session: ClientSession,
        email: str,
        headers: dict[str, str],
    ) -> Any:
        body = {"email": email}
        try:
            async with session.post(
                f"{self.url}{PLAYS}",
                json=body,
                headers=headers,
            ) as response:
                return await self._read(response)
        except (ClientError, TimeoutError) as error:
            self.troubles[type(error).__name__] += 1
            return None

    async def _read(self, response: ClientResponse) -> Any:
        answer = await response.json(content_type=None)
        if response.ok:
            return answer
        # 503 is what we may answer when a store is away; nothing else is.
        assert response.status == 503, answer
        self.troubles["503"] += 1
        return None


def mail_of(number: int) -> str:
    """Name a mail; some belong to a domain that the provider refuses."""
    domain = "blocked" if number % REFUSED_EVERY == 0 else "shop"
    return f"player{number}@{domain}.example"
