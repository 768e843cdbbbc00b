"""Signing in and out, by cookie or by token."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, final
from uuid import UUID

from prilavok.clients.passwords import Passwords
from prilavok.clients.tokens import TokenClaims, Tokens
from prilavok.domain.access import Actor
from prilavok.domain.errors import Invalid, NotFound, Unavailable
from prilavok.domain.faults import Fault, FaultCode
from prilavok.domain.sessions import (
    AccessToken,
    ChangePassword,
    Device,
    Identity,
    InvalidCredentials,
    Session,
    SessionKind,
    SignIn,
    Ticket,
)
from prilavok.repositories.credentials import Credentials
from prilavok.repositories.transaction import Reading, Transaction
from prilavok.services.accounts.audit import record, record_refusal, shown
from prilavok.services.accounts.guesses import Guesses
from prilavok.services.accounts.sessions import SessionService
from prilavok.services.retries import retry_collisions

logger = logging.getLogger(__name__)
WRONG_PASSWORD: Final = Fault("This is not your password.", FaultCode.WRONG_PASSWORD)


@final
@dataclass(frozen=True, slots=True)
class SignInService:
    """Use cases of signing in."""

    reading: Reading
    transaction: Transaction
    sessions: SessionService
    guesses: Guesses
    passwords: Passwords
    tokens: Tokens
    now: Callable[[], datetime]

    async def sign_in(
        self,
        actor: Actor,
        command: SignIn,
        device: Device,
    ) -> tuple[Identity, Ticket]:
        """Open a browser session or raise ``InvalidCredentials``."""
        credentials = await self._check(actor, command)
        _, ticket = await self.sessions.start(
            credentials.user_id,
            credentials.stamp,
            SessionKind.COOKIE,
            device,
        )
        return await self.identify(credentials.user_id), ticket

    async def issue_token(
        self,
        actor: Actor,
        command: SignIn,
        device: Device,
    ) -> AccessToken:
        """Open a session for a program and sign the token that stands for it."""
        credentials = await self._check(actor, command)
        session, _ = await self.sessions.start(
            credentials.user_id,
            credentials.stamp,
            SessionKind.TOKEN,
            device,
        )
        claims = TokenClaims(session.user_id, session.id)
        token = self.tokens.sign(claims, session.created_at, session.ends_at)
        lifetime = session.ends_at - session.created_at
        return AccessToken(token, int(lifetime.total_seconds()))

    async def find_by_token(self, token: str) -> Session | None:
        """Return the living session behind a bearer token."""
        claims = self.tokens.read(token)
        if claims is None:
            return None
        return await self.sessions.find_by_token(claims.session_id, claims.user_id)

    async def identify(self, user_id: UUID) -> Identity:
        """Tell who somebody is and what he may do now."""
        async with self.reading() as repositories:
            user = await repositories.users.get(user_id)
            standing = await repositories.credentials.find_standing(user_id)
        if standing is None:
            raise NotFound("There is no such user.")
        return Identity(user, tuple(sorted(standing.permissions)))

    async def sign_out(self, actor: Actor, session: Session | None) -> None:
        """End a session; one that has ended already is fine."""
        if session is not None:
            await self.sessions.end(actor, session)

    async def confirm(self, actor: Actor, password: str) -> None:
        """Ask the signed-in user for his password again, within the guess limits."""
        async with self.reading() as repositories:
            credentials = await repositories.credentials.find(_known(actor.user_id))
        async with self.guesses.judge(actor.login, actor.address) as guess:
            known = None if credentials is None else credentials.password_hash
            right = await self.passwords.is_right(password, known, actor.origin)
            guess.is_wrong = not right
        if not right:
            record_refusal("password not confirmed", actor)
            raise Invalid({"/current_password": WRONG_PASSWORD})

    async def change_password(self, actor: Actor, command: ChangePassword) -> None:
        """Replace one's own password; every other session of the user ends."""
        await self.confirm(actor, command.current_password)
        user_id = _known(actor.user_id)
        new_hash = await self.passwords.make_hash(
            command.new_password,
            actor.origin,
        )
        stamp = await self._replace(actor, user_id, new_hash)
        record("password changed", actor, user_id=str(user_id))
        await self.sessions.forget_all(user_id, actor.session_id, stamp)

    @retry_collisions
    async def _replace(self, actor: Actor, user_id: UUID, new_hash: str) -> str:
        async with self.transaction(actor, writes_own=True) as repositories:
            return await repositories.credentials.replace(user_id, new_hash)

    async def _check(self, actor: Actor, command: SignIn) -> Credentials:
        """Judge login and password; who is unknown takes as long as who is known.

        Read first: nobody waits in line for a guess while the database is away.
        """
        async with self.reading() as repositories:
            credentials = await repositories.credentials.find_by_login(command.login)
        async with self.guesses.judge(command.login, actor.address) as guess:
            known = None if credentials is None else credentials.password_hash
            right = await self.passwords.is_right(
                command.password,
                known,
                actor.origin,
            )
            right = right and credentials is not None and credentials.is_active
            guess.is_wrong = not right
        if credentials is None or not right:
            # What is no login of ours may be a password in the wrong field.
            login = None if credentials is None else shown(command.login)
            record_refusal("sign-in refused", actor, login=login)
            raise InvalidCredentials("Login or password is wrong.")
        await self._refresh_hash(actor, credentials, command.password)
        record("signed in", actor, user_id=str(credentials.user_id))
        return credentials

    async def _refresh_hash(
        self,
        actor: Actor,
        credentials: Credentials,
        password: str,
    ) -> None:
        old_hash = credentials.password_hash
        if not self.passwords.is_outdated(old_hash):
            return
        new_hash = await self.passwords.make_hash(password, actor.origin)
        # History names him: this is his doing, although he is not signed in yet.
        himself = replace(actor, user_id=credentials.user_id)
        try:
            async with self.transaction(himself) as repositories:
                await repositories.credentials.rehash(
                    credentials.user_id,
                    old_hash,
                    new_hash,
                )
        except Unavailable as error:
            # The next sign-in will do it; this one has been proven right.
            logger.warning("password not hashed anew", exc_info=error)


def _known(user_id: UUID | None) -> UUID:
    if user_id is None:
        raise InvalidCredentials("Sign in first.")
    return user_id
