"""How log lines look: JSON for machines, colours for a person at a terminal.

Everything logs through the standard library; structlog only writes the lines. A line
has the time in UTC, the level, the event and the request's id; no line has a secret,
because none is ever handed to a logger (a test greps the whole suite's output).
"""

import logging
import sys
from typing import Any, Final

import orjson
import structlog

# Libraries that say at this level what our own lines say better.
QUIET: Final = ("aiohttp.access", "alembic.runtime.migration", "asyncio", "taskiq")


def configure_logging(level: str, log_format: str | None) -> None:
    """Send all log lines to stderr; without a format a terminal decides."""
    console = log_format == "console" or (log_format is None and sys.stderr.isatty())
    enrich: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    ]
    if console:
        render.append(structlog.dev.ConsoleRenderer())
    else:
        render.append(structlog.processors.format_exc_info)
        render.append(structlog.processors.JSONRenderer(serializer=_to_json))
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=enrich,
            processors=render,
        ),
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _to_json(line: Any, **options: Any) -> str:
    """Write a line five times quicker than ``json`` does, the default included."""
    return orjson.dumps(line, default=options.get("default")).decode()
