"""Where commands write what people read."""

from typing import Final

from rich.console import Console

WIDE: Final = 10_000


def open_console() -> Console:
    """Write to standard output, in lines that only a terminal's edge breaks.

    Whatever else reads them gets each row of a table as one line.
    """
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    return console
