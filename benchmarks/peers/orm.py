"""What the two peers with SQLAlchemy's ORM share: mapped classes and queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, final
from uuid import UUID

from benchmarks.peers.common import NEEDED, POOL_SIZE, REDIS_URL, orm_url, session_key
from redis.asyncio import Redis
from sqlalchemy import ARRAY, ForeignKey, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column
from sqlalchemy.orm import relationship as related

redis: Final = Redis.from_url(REDIS_URL, decode_responses=True)
engine: Final = create_async_engine(orm_url(), pool_size=POOL_SIZE, max_overflow=0)
open_session: Final = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """All mapped classes."""


@final
class Role(Base):
    """A role with its permissions."""

    __tablename__ = "roles"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))


@final
class User(Base):
    """An account."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str | None]
    birth_date: Mapped[date | None]
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))
    language: Mapped[str]
    is_active: Mapped[bool]
    registered_at: Mapped[datetime]
    held: Mapped[Role] = related(lazy="raise")

    @property
    def role(self) -> str:
        """Name the role."""
        return self.held.name


@final
class Player(Base):
    """A mail that has played."""

    __tablename__ = "players"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_given: Mapped[str]
    plays: Mapped[int]
    esp_state: Mapped[str]
    first_played_at: Mapped[datetime]
    last_played_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]


@final
@dataclass(frozen=True, slots=True)
class Found:
    """One page and the size of the whole."""

    items: list[User]
    total: int


async def is_allowed(session: AsyncSession, token: str | None) -> bool:
    """Tell whether the session's user is active and may list users."""
    user_id: Any = await redis.get(session_key(token or ""))
    if user_id is None:
        return False
    user = await session.get(User, UUID(user_id), options=[joinedload(User.held)])
    return user is not None and user.is_active and NEEDED in user.held.permissions


async def count_play(session: AsyncSession, email: str) -> Any:
    """Count one play and commit."""
    now = func.clock_timestamp()
    first = insert(Player).values(
        email=email.lower(),
        email_given=email,
        plays=1,
        first_played_at=now,
        last_played_at=now,
    )
    counted = first.on_conflict_do_update(
        index_elements=[Player.email],
        set_={
            "plays": Player.plays + 1,
            "last_played_at": now,
            "updated_at": now,
            "version": Player.version + 1,
        },
    ).returning(Player.email, Player.plays, Player.esp_state)
    row = (await session.execute(counted)).one()
    await session.commit()
    return row


async def find_users(session: AsyncSession, page: int, per_page: int) -> Found:
    """Read one page."""
    users = await session.scalars(
        select(User)
        .options(joinedload(User.held))
        .order_by(User.id)
        .limit(per_page)
        .offset((page - 1) * per_page),
    )
    total = await session.scalar(select(func.count()).select_from(User))
    return Found(list(users), total or 0)
