"""The log, kept in memory for tests to read."""

import json
import logging
from io import StringIO
from typing import Any, final

from prilavok.log_config import configure_logging


@final
class Log:
    """The log as production writes it, kept in memory."""

    def __init__(self, log_format: str) -> None:
        """Take the place of stderr."""
        configure_logging("info", log_format)
        self._text = StringIO()
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self._text)

    def take(self) -> list[str]:
        """Return the lines since the last time."""
        lines = self._text.getvalue().splitlines()
        self._text.seek(0)
        self._text.truncate()
        return lines

    def events(self, event: str) -> list[dict[str, Any]]:
        """Return what was logged of one event; every line is one document."""
        return [line for line in map(json.loads, self.take()) if line["event"] == event]
