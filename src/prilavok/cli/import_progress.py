"""Following imports on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from prilavok.domain.imports import ImportCounts, UnreadableLog
from prilavok.services.log_analytics.log_file import LogFile
from prilavok.services.log_analytics.parsed import Rejections

COLUMNS: Final = (
    TextColumn("{task.description}", markup=False),
    BarColumn(),
    DownloadColumn(),
    TextColumn("{task.fields[speed]:,.0f} lines/s"),
    TimeRemainingColumn(),
)


@final
class ImportProgress:
    """A bar for every log, on stderr, and its rejected lines in a file."""

    def __init__(self, bars: Progress, refused: IO[str] | None) -> None:
        """Show bars; write rejected lines where there is a file for them."""
        self._bars = bars
        self._refused = refused
        self._current = TaskID(0)

    def start(self, log: LogFile) -> None:
        """Begin the bar of another log."""
        self._current = self._bars.add_task(log.name, total=log.bytes_total, speed=0)

    def see_progress(self, counts: ImportCounts) -> None:
        """Move the bar."""
        task = self._bars.tasks[self._current]
        speed = counts.lines / (task.elapsed or 1)
        self._bars.update(self._current, completed=counts.bytes_done, speed=speed)

    def see_rejected(self, rejected: Rejections) -> None:
        """Write number, reason and beginning of each line, separated by tabs."""
        if self._refused is None:
            return
        self._refused.writelines(
            f"{refused.line}\t{refused.reason}\t{refused.text}\n"
            for refused in rejected
        )


@contextmanager
def import_progress(refused: Path | None) -> Iterator[ImportProgress]:
    """Show progress for as long as the block runs; write rejected lines to a file."""
    console = Console(stderr=True)
    # Elsewhere than on a terminal all that would be left of it is an empty line.
    progress = Progress(
        *COLUMNS,
        console=console,
        transient=True,
        disable=not console.is_interactive,
    )
    with progress as bars:
        if refused is None:
            yield ImportProgress(bars, None)
            return
        with _opened(refused) as lines:
            yield ImportProgress(bars, lines)


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UnreadableLog(f"{path}: {error.strerror}.") from error
