"""Everything that can be set from outside, read once, checked all at once.

The environment wins over ``.env``, which wins over what a running ``make run`` left
in ``DATA_DIR/running.env`` for commands on the same machine.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Final, TypeAlias, final
from zoneinfo import ZoneInfo

from environs import Env, EnvValidationError

from prilavok.environment import groups

RUNNING_ENV: Final = "running.env"
Network: TypeAlias = IPv4Network | IPv6Network


class SettingsError(Exception):
    """Some settings are missing or malformed; the text names every one of them."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, under the names of the environment in lower case."""

    http_host: str
    http_port: int
    data_dir: Path
    database_url: str | None
    migration_database_url: str | None
    redis_url: str | None
    worker_redis_url: str | None
    secret_key: tuple[str, ...]
    admin_login: str
    admin_password: str | None
    public_url: str
    trusted_proxies: tuple[Network, ...]
    metrics_allowed: tuple[Network, ...]
    session_idle_minutes: float
    session_absolute_hours: float
    token_minutes: float
    login_attempts: int
    login_window_seconds: int
    login_attempts_per_address: int
    shop_host: str
    shop_timezone: ZoneInfo
    ipinfo_token: str | None
    countries_mmdb: Path | None
    reports_database_url: str | None
    report_cache: bool
    files_url: str | None
    log_import_dir: Path | None
    import_max_bytes: int
    imports_per_user: int
    sources: tuple[tuple[str, str], ...]
    source_timeout_seconds: float
    sources_allow_private: bool
    source_fetcher: str
    source_breaker: bool
    esp_provider: str
    esp_url: str | None
    esp_user: str | None
    esp_token: str | None
    esp_list: str | None
    esp_timeout_seconds: float
    esp_calls_per_minute: int
    game_reveal: bool
    game_origins: tuple[str, ...]
    plays_per_minute: int
    plays_per_minute_per_mail: int
    workers: int
    debug: bool
    log_level: str
    log_format: str | None

    @property
    def is_secure(self) -> bool:
        """Tell whether people reach the service by https."""
        return self.public_url.startswith("https://")


def load_settings() -> Settings:
    """Read all settings or raise ``SettingsError`` that names each bad one."""
    env = Env(eager=False)
    env.read_env(".env", recurse=False)
    data_dir = env.path("DATA_DIR", Path("var"))
    env.read_env(data_dir / RUNNING_ENV, recurse=False)
    known = {
        "data_dir": data_dir,
        **groups.addresses(env),
        **groups.stores(env),
        **groups.sign_in(env),
        **groups.shop(env),
        **groups.sources(env),
        **groups.email_provider(env),
        **groups.game(env),
        **groups.process(env),
    }
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsError(_in_words(error)) from error
    return Settings(**known)


def _in_words(error: EnvValidationError) -> str:
    by_name: Any = error.error_messages
    return "\n".join(
        f"{name}: {detail}" for name, details in by_name.items() for detail in details
    )
