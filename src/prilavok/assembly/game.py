"""The promo game on open connections."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Final, final

from redis.asyncio import Redis

from prilavok.clients.email_provider.port import EmailProvider
from prilavok.jobs.alarm import QueueAlarm
from prilavok.repositories.esp_budget import EspBudget
from prilavok.repositories.job_queue.queue import JobQueue
from prilavok.repositories.play_limits import PlayLimits
from prilavok.repositories.transaction import Database
from prilavok.services.game.breaker import Breaker
from prilavok.services.game.counting import PlayCounting
from prilavok.services.game.deliveries import DeliveryService
from prilavok.services.game.first_asking import FirstAsking
from prilavok.services.game.players import PlayerService
from prilavok.services.game.plays import PlayService
from prilavok.services.game.provider_gate import ProviderGate
from prilavok.settings import Settings

# What storing the provider's answer may take after the last moment of asking.
GRACE_SECONDS: Final = 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GameServices:
    """What players do, what staff do, and what workers do."""

    plays: PlayService
    players: PlayerService
    deliveries: DeliveryService


def assemble_game(
    settings: Settings,
    redis: Redis,
    database: Database,
    provider: EmailProvider,
) -> GameServices:
    """Build what counts plays, and what brings emails to the provider."""
    alarm = QueueAlarm(JobQueue(redis))
    budget = EspBudget(redis, settings.esp_calls_per_minute)
    gate = ProviderGate(provider, budget, Breaker(monotonic))
    # Who may not tell a player anything need not ask while he waits.
    seconds = settings.esp_timeout_seconds + GRACE_SECONDS
    counting = PlayCounting(
        reading=database.reading,
        autocommit=database.autocommit,
        transaction=database.transaction,
        lease=timedelta(seconds=seconds if settings.game_reveal else 0),
    )
    limits = PlayLimits(
        redis,
        settings.plays_per_minute,
        settings.plays_per_minute_per_mail,
    )
    plays = PlayService(
        counting=counting,
        asking=FirstAsking(database.autocommit, gate, settings.esp_timeout_seconds),
        limits=limits,
        autocommit=database.autocommit,
        reveals=settings.game_reveal,
    )
    return GameServices(
        plays=plays,
        players=PlayerService(database.reading, database.transaction, alarm),
        deliveries=DeliveryService(database.reading, database.autocommit, gate),
    )
