"""What a look-up says that needs the transaction that writes."""

from typing import final

from prilavok.repositories.log_imports.log_repositories import LogRepositories


@final
class MustWrite(Exception):
    """Looking this up needs the transaction that writes."""


def require_lock(logs: LogRepositories) -> None:
    """Raise ``MustWrite`` where somebody else may write meanwhile."""
    if not logs.holds_lock:
        raise MustWrite
