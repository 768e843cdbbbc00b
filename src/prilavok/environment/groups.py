"""Which names are read from the environment, a group of related ones a function."""

from ipaddress import ip_network
from typing import Any, Final

from environs import Env
from marshmallow.validate import URL, Length, OneOf, Range, Regexp

from prilavok.environment import checks

MAX_PORT: Final = 65535
# What a header can carry as one word.
TOKEN: Final = "[!-~]*$"
MAX_IMPORT_BYTES: Final = 20 * 1024**3
LOOPBACK: Final = ("127.0.0.0/8", "::1")
# Where `make run` and docker compose serve the demo ones, unless the ports are taken.
DEMO_SOURCES: Final = (
    "first=http://127.0.0.1:8181/first,"
    "second=http://127.0.0.1:8182/second,"
    "third=http://127.0.0.1:8181/third"
)


def addresses(env: Env) -> dict[str, Any]:
    """Where the service listens, and how people reach it."""
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
            map(
                ip_network,
                env.list("TRUSTED_PROXIES", [], validate=checks.networks) or (),
            ),
        ),
        "metrics_allowed": tuple(
            map(
                ip_network,
                env.list("METRICS_ALLOWED", LOOPBACK, validate=checks.networks) or (),
            ),
        ),
    }


def stores(env: Env) -> dict[str, Any]:
    """Where data lies."""
    return {
        "database_url": env.str("DATABASE_URL", None),
        "migration_database_url": env.str("MIGRATION_DATABASE_URL", None),
        "reports_database_url": env.str("REPORTS_DATABASE_URL", None),
        "redis_url": env.str("REDIS_URL", None),
        "worker_redis_url": env.str("WORKER_REDIS_URL", None),
    }


def sign_in(env: Env) -> dict[str, Any]:
    """Keys, the first administrator, sessions, and limits of guessing."""
    positive = Range(0, min_inclusive=False)
    return {
        "secret_key": tuple(env.list("SECRET_KEY", [], validate=checks.secrets) or ()),
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


def shop(env: Env) -> dict[str, Any]:
    """Whose logs are read, where they come from, and how reports are kept."""
    return {
        "shop_host": env.str("SHOP_HOST", "all_to_the_bottom.com", validate=Length(1)),
        "shop_timezone": checks.zone(
            env.str("SHOP_TIMEZONE", "UTC", validate=checks.zone)
        ),
        "ipinfo_token": env.str("IPINFO_TOKEN", "", validate=Regexp(TOKEN)) or None,
        "countries_mmdb": checks.path(env.str("COUNTRIES_MMDB", None)),
        "report_cache": env.bool("REPORT_CACHE", True),
        "files_url": env.str("FILES_URL", None, validate=checks.file_store),
        "log_import_dir": env.path("LOG_IMPORT_DIR", None),
        "import_max_bytes": env.int(
            "IMPORT_MAX_BYTES",
            MAX_IMPORT_BYTES,
            validate=Range(1),
        ),
        "imports_per_user": env.int("IMPORTS_PER_USER", 100, validate=Range(1)),
    }


def sources(env: Env) -> dict[str, Any]:
    """Which JSON servers are asked, and how."""
    listed = env.str("SOURCES", DEMO_SOURCES, validate=checks.pairs)
    return {
        "sources": checks.pairs(listed),
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
        "source_breaker": env.bool("SOURCE_BREAKER", True),
    }


def email_provider(env: Env) -> dict[str, Any]:
    """Where players' mails are brought."""
    return {
        # Who there is, only ``clients.email_provider.opening`` knows.
        "esp_provider": env.str("ESP_PROVIDER", "demo"),
        "esp_url": env.str(
            "ESP_URL",
            None,
            validate=URL(schemes={"http", "https"}, require_tld=False),
        ),
        "esp_user": env.str("ESP_USER", None),
        "esp_token": env.str("ESP_TOKEN", None),
        "esp_list": env.str("ESP_LIST", None),
        "esp_timeout_seconds": env.float(
            "ESP_TIMEOUT_SECONDS",
            1.5,
            validate=Range(0, 30, min_inclusive=False),
        ),
        "esp_calls_per_minute": env.int(
            "ESP_CALLS_PER_MINUTE",
            600,
            validate=Range(1),
        ),
    }


def game(env: Env) -> dict[str, Any]:
    """What players are told, whose pages they come from, how often they may play."""
    return {
        "game_reveal": env.bool("GAME_REVEAL", True),
        "game_origins": tuple(
            env.list("GAME_ORIGINS", [], validate=checks.origins) or (),
        ),
        "plays_per_minute": env.int("PLAYS_PER_MINUTE", 30, validate=Range(1)),
        "plays_per_minute_per_mail": env.int(
            "PLAYS_PER_MINUTE_PER_MAIL",
            10,
            validate=Range(1),
        ),
    }


def process(env: Env) -> dict[str, Any]:
    """How the processes run and what they log."""
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
