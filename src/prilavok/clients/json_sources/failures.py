"""What went wrong between us and a source, in a sentence and without inner detail."""

import os
from collections.abc import Iterator
from socket import gaierror
from typing import Final

from prilavok.clients.json_sources.addresses import AddressRefused
from prilavok.clients.json_sources.metered_socket import AnswerRefused
from prilavok.clients.json_sources.port import FetchFailed
from prilavok.domain.source_statuses import SourceStatus

OURS: Final = (AddressRefused, AnswerRefused)


def not_connected(error: BaseException) -> FetchFailed:
    """Describe a connection that was not made, broke, or spoke no HTTP.

    Clients wrap what they met: the plain words are those of the innermost error.
    """
    causes = tuple(_causes(error))
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return FetchFailed(SourceStatus.TIMEOUT, "No complete answer in time.")
    words = filter(None, map(_words, reversed(causes)))
    said = next(words, f"The connection failed: {type(error).__name__}.")
    return FetchFailed(SourceStatus.CONNECT_ERROR, said)


def _words(cause: BaseException) -> str:
    """Say what the system says; what libraries make of it names addresses."""
    if isinstance(cause, OURS):
        return str(cause)
    if isinstance(cause, gaierror):
        return "The name of the host leads nowhere."
    if isinstance(cause, OSError) and cause.errno:
        return f"{os.strerror(cause.errno)}."
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
