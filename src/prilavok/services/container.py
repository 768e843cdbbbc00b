"""What a handler may call: one attribute per feature."""

from dataclasses import dataclass
from typing import final

from prilavok.services.accounts.bootstrap import Bootstrap
from prilavok.services.accounts.history import HistoryService
from prilavok.services.accounts.roles import RoleService
from prilavok.services.accounts.seen_sessions import SeenSessionService
from prilavok.services.accounts.sessions import SessionService
from prilavok.services.accounts.sign_in import SignInService
from prilavok.services.accounts.users import UserService
from prilavok.services.game.deliveries import DeliveryService
from prilavok.services.game.players import PlayerService
from prilavok.services.game.plays import PlayService
from prilavok.services.health import HealthService
from prilavok.services.jobs import JobService
from prilavok.services.log_analytics.log_services import LogServices
from prilavok.services.log_analytics.reports import ReportService
from prilavok.services.overview import OverviewService
from prilavok.services.preparation import Preparation
from prilavok.services.sources.gathering import SourceItemService
from prilavok.services.sources.registry import SourceService
from prilavok.services.sources.seeding import SourceSeeding


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a handler or a command may call."""

    bootstrap: Bootstrap
    preparation: Preparation
    sign_in: SignInService
    sessions: SessionService
    seen_sessions: SeenSessionService
    users: UserService
    roles: RoleService
    history: HistoryService
    sources: SourceService
    source_seeding: SourceSeeding
    source_items: SourceItemService
    plays: PlayService
    players: PlayerService
    deliveries: DeliveryService
    overview: OverviewService
    health: HealthService
    jobs: JobService
    logs: LogServices
    reports: ReportService
