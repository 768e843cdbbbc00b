"""Litestar, msgspec, SQLAlchemy's ORM, uvicorn."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any, Final, final
from uuid import UUID

import uvicorn
from benchmarks.peers.common import COOKIE, DEFAULT_PER_PAGE, MAX_PER_PAGE, PORT
from benchmarks.peers.orm import find_users, is_allowed, open_session
from litestar import Litestar, Request, get
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException
from litestar.params import Parameter
from msgspec import Struct, convert
from sqlalchemy.ext.asyncio import AsyncSession


@final
class UserOut(Struct):
    """An account."""

    id: UUID
    login: str
    first_name: str
    last_name: str
    email: str | None
    birth_date: date | None
    role: str
    language: str
    is_active: bool
    registered_at: datetime


@final
class PageOut(Struct):
    """One page of accounts."""

    items: list[UserOut]
    total: int


async def database() -> AsyncIterator[AsyncSession]:
    """Lend a session for the request."""
    async with open_session() as session:
        yield session


@get("/api/v1/users", dependencies={"database": Provide(database)})
async def list_users(
    request: Request[Any, Any, Any],
    database: AsyncSession,
    page: Annotated[int, Parameter(ge=1)] = 1,
    per_page: Annotated[int, Parameter(ge=1, le=MAX_PER_PAGE)] = DEFAULT_PER_PAGE,
) -> PageOut:
    """Show one page of the accounts to who is signed in and may."""
    if not await is_allowed(database, request.cookies.get(COOKIE)):
        raise NotAuthorizedException
    found = await find_users(database, page, per_page)
    return convert(found, PageOut, from_attributes=True)


app: Final = Litestar([list_users], openapi_config=None)

if __name__ == "__main__":
    uvicorn.run(app, port=PORT, loop="uvloop", log_level="warning", access_log=False)
