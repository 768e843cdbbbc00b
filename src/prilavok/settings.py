"""Everything that can be set from outside, read once, checked all at once.

The environment wins over ``.env``, which wins over what a running ``make run`` left
in ``DATA_DIR/running.env`` for commands on the same machine.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final, TypeAlias, final
from zoneinfo import ZoneInfo

from environs import Env, EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import URL, Length, OneOf, Range

from prilavok.domain.source_pairs import read_pairs

RUNNING_ENV: Final = "running.env"
MIN_SECRET_LENGTH: Final = 32
MAX_PORT: Final = 65535
# Where `make run` and docker compose serve the demo ones, unless the ports are taken.
DEMO_SOURCES: Final = (
    "first=http://127.0.0.1:8181/first,"
    "second=http://127.0.0.1:8182/second,"
    "third=http://127.0.0.1:8181/third"
)
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
    session_idle_minutes: float
    session_absolute_hours: float
    token_minutes: float
    login_attempts: int
    login_window_seconds: int
    login_attempts_per_address: int
    shop_host: str
    shop_timezone: ZoneInfo
    reports_database_url: str | None
    report_cache: bool
    sources: tuple[tuple[str, str], ...]
    source_timeout_seconds: float
    sources_allow_private: bool
    source_fetcher: str
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
        **_addresses(env),
        **_stores(env),
        **_sign_in(env),
        **_shop(env),
        **_sources(env),
        **_process(env),
    }
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsError(_in_words(error)) from error
    return Settings(**known)


def _addresses(env: Env) -> dict[str, Any]:
    host = env.str("HTTP_HOST", "127.0.0.1")
    port = env.int("HTTP_PORT", 8080, validate=Range(0, MAX_PORT))
    return {
        "http_host": host,
        "http_port": port,
        "public_url": env.str(
            "PUBLIC_URL",
            f"http://{host}:{port}",
            validate=URL(schemes={"http", "https"}, require_tld=False),
        ),
        "trusted_proxies": tuple(
            map(ip_network, env.list("TRUSTED_PROXIES", [], validate=_networks) or ()),
        ),
    }


def _stores(env: Env) -> dict[str, Any]:
    return {
        "database_url": env.str("DATABASE_URL", None),
        "migration_database_url": env.str("MIGRATION_DATABASE_URL", None),
        "reports_database_url": env.str("REPORTS_DATABASE_URL", None),
        "redis_url": env.str("REDIS_URL", None),
        "worker_redis_url": env.str("WORKER_REDIS_URL", None),
    }


def _sign_in(env: Env) -> dict[str, Any]:
    positive = Range(0, min_inclusive=False)
    return {
        "secret_key": tuple(env.list("SECRET_KEY", [], validate=_secrets) or ()),
        "admin_login": env.str("ADMIN_LOGIN", "admin", validate=Length(1)),
        "admin_password": env.str("ADMIN_PASSWORD", None),
        "session_idle_minutes": env.float(
            "SESSION_IDLE_MINUTES",
            60,
            validate=positive,
        ),
        "session_absolute_hours": env.float(
            "SESSION_ABSOLUTE_HOURS",
            24,
            validate=positive,
        ),
        "token_minutes": env.float("TOKEN_MINUTES", 60, validate=positive),
        "login_attempts": env.int("LOGIN_ATTEMPTS", 10, validate=Range(1)),
        "login_window_seconds": env.int(
            "LOGIN_WINDOW_SECONDS",
            180,
            validate=Range(1),
        ),
        "login_attempts_per_address": env.int(
            "LOGIN_ATTEMPTS_PER_ADDRESS",
            300,
            validate=Range(1),
        ),
    }


def _shop(env: Env) -> dict[str, Any]:
    return {
        "shop_host": env.str("SHOP_HOST", "all_to_the_bottom.com", validate=Length(1)),
        "shop_timezone": _zone(env.str("SHOP_TIMEZONE", "UTC", validate=_zone)),
        "report_cache": env.bool("REPORT_CACHE", True),
    }


def _sources(env: Env) -> dict[str, Any]:
    pairs = env.str("SOURCES", DEMO_SOURCES, validate=_pairs)
    return {
        "sources": _pairs(pairs),
        "source_timeout_seconds": env.float(
            "SOURCE_TIMEOUT_SECONDS",
            2,
            validate=Range(0, min_inclusive=False),
        ),
        "sources_allow_private": env.bool("SOURCES_ALLOW_PRIVATE", False),
        "source_fetcher": env.str(
            "SOURCE_FETCHER",
            "asyncio",
            validate=OneOf(("asyncio", "threads", "greenlets")),
        ),
    }


def _process(env: Env) -> dict[str, Any]:
    return {
        "workers": env.int("WORKERS", 1, validate=Range(1)),
        "debug": env.bool("DEBUG", False),
        "log_level": env.str(
            "LOG_LEVEL",
            "info",
            validate=OneOf(("debug", "info", "warning", "error", "critical")),
        ),
        "log_format": env.str(
            "LOG_FORMAT",
            None,
            validate=OneOf(("json", "console")),
        ),
    }


def _networks(listed: list[str]) -> None:
    for text in listed:
        try:
            ip_network(text)
        except ValueError as error:
            raise ValidationError(f"{text!r} is no IP address or network.") from error


def _secrets(listed: list[str]) -> None:
    if any(len(text) < MIN_SECRET_LENGTH for text in listed):
        raise ValidationError(
            f"Each key needs at least {MIN_SECRET_LENGTH} characters.",
        )


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(read_pairs(text or "").items())
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(f"{name!r} is no time zone.") from error


def _in_words(error: EnvValidationError) -> str:
    by_name: Any = error.error_messages
    return "\n".join(
        f"{name}: {detail}" for name, details in by_name.items() for detail in details
    )
