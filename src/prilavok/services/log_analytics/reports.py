"""The seven reports over everything that was imported."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import final

from prilavok.domain.paging import Everything
from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Meta, Report, ReportQuestion
from prilavok.repositories.log_reports.registry import REPORTS
from prilavok.repositories.transaction import Reading


@final
@dataclass(frozen=True, slots=True)
class ReportService:
    """Answers reports; ``country_source`` names who will tell visitors' countries."""

    reading: Reading
    country_source: str

    def list_questions(self) -> Everything[ReportQuestion]:
        """List every report, by number."""
        return Everything(
            tuple(
                ReportQuestion(name, REPORTS[name].question, PARAMETERS[name])
                for name in ReportName
            ),
        )

    async def get_report(self, name: ReportName, parameters: Days) -> Report:
        """Answer one report from data as it was at one moment."""
        report = REPORTS[name]
        async with self.reading() as repositories:
            found, data_range = await repositories.log_reports.get(name, parameters)
        return Report(
            name=name,
            question=report.question,
            sentence=report.say(found.answer),
            parameters=parameters,
            findings=found,
            meta=Meta(
                data_range=data_range,
                country_source=data_range.country_source or self.country_source,
                unknown=found.unknown,
                funnel=found.funnel,
            ),
        )

    async def stream_rows(
        self,
        name: ReportName,
        parameters: Days,
    ) -> AsyncIterator[object]:
        """Read all rows, whatever the page, without holding them all in memory.

        Nor is a connection held between two batches, however slow the reader is.
        """
        batch = await self._read_batch(name, parameters)
        while batch:
            for row in batch:
                yield row
            batch = await self._read_batch(name, parameters, batch[-1])

    async def _read_batch(
        self,
        name: ReportName,
        parameters: Days,
        last: object = None,
    ) -> Sequence[object]:
        async with self.reading() as repositories:
            return await repositories.log_reports.get_batch(name, parameters, last)
