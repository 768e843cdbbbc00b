"""What a report consists of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.reports.questions import ReportName
from prilavok.domain.reports.report import Findings

NOTHING: Final = "Nothing was counted."

Read: TypeAlias = Callable[[AsyncSession, Any], Awaitable[Findings]]
ReadAfter: TypeAlias = Callable[
    [AsyncSession, Any, Any],
    Awaitable[Sequence[object]],
]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """One report: ``read`` receives the parameters that its query is parsed to.

    ``sentence`` is a format string over the ``answer``. ``read_after`` reads the rows
    that follow one of them (None: the first ones), for reports too long for one read.
    """

    name: ReportName
    question: str
    sentence: str
    read: Read
    read_after: ReadAfter | None = None

    def say(self, answer: object) -> str:
        """Put the answer into words."""
        return NOTHING if answer is None else self.sentence.format(answer=answer)

    async def read_batch(
        self,
        session: AsyncSession,
        parameters: Any,
        last: object = None,
    ) -> Sequence[object]:
        """Read rows that follow ``last``; empty past the end."""
        if self.read_after is not None:
            return await self.read_after(session, parameters, last)
        if last is not None:
            return ()
        return (await self.read(session, parameters)).rows
