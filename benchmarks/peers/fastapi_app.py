"""FastAPI, pydantic, SQLAlchemy's ORM, uvicorn."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Final, final
from uuid import UUID

import uvicorn
from benchmarks.peers.common import DEFAULT_PER_PAGE, MAX_PER_PAGE, PORT
from benchmarks.peers.orm import (
    Found,
    count_play,
    find_users,
    is_allowed,
    open_session,
)
from fastapi import Cookie, Depends, FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, EmailStr
from sqlalchemy.ext.asyncio import AsyncSession

app: Final = FastAPI()


@final
class UserOut(BaseModel):
    """An account."""

    model_config = ConfigDict(from_attributes=True)

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
class PageOut(BaseModel):
    """One page of accounts."""

    model_config = ConfigDict(from_attributes=True)

    items: list[UserOut]
    total: int


@final
class PlayIn(BaseModel):
    """A play."""

    email: EmailStr


@final
class PlayOut(BaseModel):
    """What its player is told."""

    email: str
    in_esp: bool | None
    esp_state: str
    in_game: bool
    plays: int


async def database() -> AsyncIterator[AsyncSession]:
    """Lend a session for the request."""
    async with open_session() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database)]


async def check_access(
    database: Database,
    session: Annotated[str | None, Cookie()] = None,
) -> None:
    """Refuse who is not signed in, or may not."""
    if not await is_allowed(database, session):
        raise HTTPException(HTTPStatus.UNAUTHORIZED)


@app.get(
    "/api/v1/users",
    response_model=PageOut,
    dependencies=[Depends(check_access)],
)
async def list_users(
    database: Database,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MAX_PER_PAGE)] = DEFAULT_PER_PAGE,
) -> Found:
    """Show one page of the accounts."""
    return await find_users(database, page, per_page)


@app.post("/api/v1/plays", response_model=PlayOut)
async def register_play(
    database: Database, play: PlayIn, response: Response
) -> PlayOut:
    """Count one play."""
    row = await count_play(database, play.email)
    if row.plays == 1:
        response.status_code = HTTPStatus.CREATED
    return PlayOut(
        email=row.email,
        in_esp=None if row.esp_state == "pending" else True,
        esp_state=row.esp_state,
        in_game=row.plays > 1,
        plays=row.plays,
    )


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, loop="uvloop", log_level="warning", access_log=False)
