"""Every command of the first level: its module, and the sentence that helps."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

Entry: TypeAlias = tuple[str, str]
COMMANDS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "up": ("up", "Run everything on this machine; Ctrl-C stops it."),
        "serve": (
            "serve",
            "Serve HTTP until SIGTERM; requests at work are finished first.",
        ),
        "worker": (
            "worker",
            "Do background work until SIGTERM; what cannot be finished soon is given"
            " back.",
        ),
        "scheduler": (
            "scheduler",
            "Ask for periodic background work until SIGTERM; more than one do no harm.",
        ),
        "migrate": (
            "database",
            "Bring the database to a revision, by default the newest.",
        ),
        "downgrade": (
            "database",
            "Take the database back to an older revision; -1 is the one before.",
        ),
        "report": (
            "reports",
            "Answer a report, by its name or number, or all seven.",
        ),
        "doctor": (
            "doctor",
            "Check every dependency and setting; exit code 1 when something is not"
            " right.",
        ),
        "routes": ("documents", "Show the access matrix: who may call what."),
        "openapi": (
            "documents",
            "Write the OpenAPI document: indented, or with --json on one line.",
        ),
        "shell": (
            "shell",
            "Open a Python prompt on the services; what is done there is real.",
        ),
        "admin": ("accounts", "Administrators."),
        "users": ("accounts", "Staff accounts."),
        "sessions": ("sessions", "Who is signed in."),
        "import": ("logs", "Shop logs."),
        "demo": ("demo", "The made-up sample log."),
        "countries": ("countries", "Countries of visitors."),
        "players": ("players", "Players of the promo game."),
        "sources": ("sources", "Sources of the list."),
        "jobs": ("jobs", "Background work."),
        "prepare": ("prepare", "Prepare the database for `up`, which calls this."),
    },
)
# Called by other commands, not by people.
HIDDEN: Final = frozenset(("prepare",))
