"""What services may answer, for every schema; hypothesis makes it up."""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from asyncpg.pgproto.pgproto import UUID as AsyncpgUUID
from hypothesis import strategies as st
from marshmallow import Schema

from prilavok.domain import (
    health,
    history,
    import_jobs,
    imports,
    jobs,
    paging,
    players,
    plays,
    roles,
    sessions,
    shop_logs,
    source_items,
    sources,
    users,
)
from prilavok.domain.access import Permission
from prilavok.domain.reports.report import ReportQuestion
from prilavok.schemas import history as history_schemas
from prilavok.schemas import imports as import_schemas
from prilavok.schemas import players as player_schemas
from prilavok.schemas import plays as play_schemas
from prilavok.schemas import roles as role_schemas
from prilavok.schemas import service as service_schemas
from prilavok.schemas import sessions as session_schemas
from prilavok.schemas import sources as source_schemas
from prilavok.schemas import users as user_schemas
from prilavok.schemas.reports.catalogue import CatalogueSchema
from prilavok.transport.handlers.health import Liveness

# What PostgreSQL's bigint can hold.
INTEGERS: Final = st.integers(-(2**63), 2**63 - 1)
IDS: Final = st.uuids() | st.uuids().map(lambda uuid: AsyncpgUUID(str(uuid)))
# Not so near the ends of the calendar that UTC lies beyond them.
MOMENTS: Final = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 1, 1),
    timezones=st.timezones() | st.just(UTC),
)
ROW: Final = st.none() | st.dictionaries(st.text(), st.text() | INTEGERS)
USERS: Final = st.builds(
    users.User,
    id=IDS,
    registered_at=MOMENTS,
    updated_at=MOMENTS,
    version=INTEGERS,
)
ROLES: Final = st.builds(roles.Role, id=IDS, users=INTEGERS, version=INTEGERS)
HOLDERS: Final = st.none() | st.builds(sessions.Holder, id=IDS)
SESSIONS: Final = st.builds(
    sessions.SeenSession,
    id=IDS,
    created_at=MOMENTS,
    last_seen_at=MOMENTS,
    user=HOLDERS,
)
CHANGES: Final = st.builds(
    history.Change,
    id=IDS,
    row_id=IDS,
    old=ROW,
    new=ROW,
    actor=st.none() | st.builds(history.Author, id=IDS),
    at=MOMENTS,
)

PLAYS: Final = st.builds(plays.Play, plays=INTEGERS)
PLAYERS: Final = st.builds(
    players.Player,
    id=IDS,
    plays=INTEGERS,
    first_played_at=st.none() | MOMENTS,
    last_played_at=st.none() | MOMENTS,
    version=INTEGERS,
)
SOURCES: Final = st.builds(
    sources.Source,
    id=IDS,
    timeout_s=st.floats(allow_nan=False, allow_infinity=False),
    position=INTEGERS,
    version=INTEGERS,
    last=st.none()
    | st.builds(sources.LastFetch, items=INTEGERS, elapsed_ms=INTEGERS, at=MOMENTS),
)
IMPORTS: Final = st.builds(
    imports.Import,
    id=IDS,
    bytes_total=st.none() | INTEGERS,
    bytes_done=INTEGERS,
    lines=INTEGERS,
    inserted=INTEGERS,
    duplicates=INTEGERS,
    rejected=INTEGERS,
    created_at=MOMENTS,
    started_at=st.none() | MOMENTS,
    finished_at=st.none() | MOMENTS,
)
SOURCE_ITEMS: Final = st.builds(source_items.SourceItem, id=INTEGERS)
SOURCE_REPORTS: Final = st.builds(
    source_items.SourceReport,
    items=INTEGERS,
    dropped=INTEGERS,
    elapsed_ms=INTEGERS,
    age_s=st.none() | INTEGERS,
)


def pages(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Page through a list."""
    return st.builds(
        paging.Page,
        items=st.lists(items),
        total=INTEGERS,
        page=INTEGERS,
        per_page=INTEGERS,
    )


def batches(done: type, items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Do a batch."""
    several = st.lists(items)
    return st.builds(done, created=several, updated=several, deleted=st.lists(IDS))


def everything(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """List all of it."""
    return st.builds(paging.Everything, items=st.lists(items))


ANSWERS: Final = MappingProxyType[type[Schema], st.SearchStrategy[Any]](
    {
        session_schemas.IdentitySchema: st.builds(sessions.Identity, user=USERS),
        session_schemas.AccessTokenSchema: st.builds(
            sessions.AccessToken,
            expires_in=INTEGERS,
        ),
        session_schemas.SessionPageSchema: pages(SESSIONS),
        session_schemas.HeldSessionPageSchema: pages(SESSIONS),
        user_schemas.UserSchema: USERS,
        user_schemas.UserPageSchema: pages(USERS),
        user_schemas.UserBatchDoneSchema: batches(users.UserBatchDone, USERS),
        role_schemas.RoleSchema: ROLES,
        role_schemas.RolePageSchema: pages(ROLES),
        role_schemas.RoleBatchDoneSchema: batches(roles.RoleBatchDone, ROLES),
        role_schemas.PermissionListSchema: everything(st.sampled_from(Permission)),
        history_schemas.ChangeSchema: CHANGES,
        history_schemas.ChangeStretchSchema: st.builds(
            paging.Stretch,
            items=st.lists(CHANGES),
            next=st.none() | IDS,
        ),
        play_schemas.PlaySchema: PLAYS,
        play_schemas.AcceptedPlaySchema: PLAYS,
        player_schemas.PlayerSchema: PLAYERS,
        player_schemas.PlayerPageSchema: pages(PLAYERS),
        source_schemas.SourceSchema: SOURCES,
        source_schemas.SourcePageSchema: pages(SOURCES),
        source_schemas.SourceItemSchema: SOURCE_ITEMS,
        source_schemas.SourceReportSchema: SOURCE_REPORTS,
        source_schemas.GatheredItemsSchema: st.builds(
            source_items.GatheredItems,
            items=st.lists(SOURCE_ITEMS),
            sources=st.lists(SOURCE_REPORTS).map(tuple),
        ),
        import_schemas.ImportSchema: IMPORTS,
        import_schemas.ImportPageSchema: pages(IMPORTS),
        import_schemas.RejectedStretchSchema: st.builds(
            import_jobs.RejectedStretch,
            items=st.lists(st.builds(shop_logs.RejectedLine, line=INTEGERS)),
        ),
        service_schemas.LivenessSchema: st.builds(Liveness),
        service_schemas.ReadinessSchema: st.builds(
            health.Readiness,
            queue=st.none()
            | st.builds(
                jobs.QueueState,
                waiting=INTEGERS,
                oldest_seconds=INTEGERS,
                dead=INTEGERS,
            ),
        ),
        service_schemas.OverviewSchema: st.builds(
            health.Overview,
            counts=st.dictionaries(st.text(), INTEGERS),
        ),
        CatalogueSchema: everything(st.builds(ReportQuestion)),
    },
)
