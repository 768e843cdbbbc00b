"""The seven reports over everything that was imported."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import final

from prilavok.domain.paging import Everything
from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import (
    DataRange,
    Findings,
    Meta,
    Report,
    ReportQuestion,
)
from prilavok.repositories.log_reports.registry import REPORTS
from prilavok.repositories.transaction import Reading
from prilavok.services.flights import Flights
from prilavok.services.log_analytics.report_cache import Question, ReportCache


@final
@dataclass(frozen=True, slots=True)
class ReportService:
    """Answers reports; ``country_source`` names who will tell visitors' countries.

    With a cache an answer is looked for there first. Whoever asks the same at the same
    time waits for one reading of the database.
    """

    reading: Reading
    country_source: str
    cache: ReportCache | None = None
    _flights: Flights[Report] = field(default_factory=Flights)

    def list_questions(self) -> Everything[ReportQuestion]:
        """List every report, by number."""
        return Everything(
            tuple(
                ReportQuestion(name, REPORTS[name].question, PARAMETERS[name])
                for name in ReportName
            ),
        )

    async def get_report(self, name: ReportName, parameters: Days) -> Report:
        """Answer one report from data as it was at one moment, never an older one."""
        question = (name, parameters)
        if self.cache is None:
            return await self._read(question)
        async with self.reading() as repositories:
            generation = await repositories.log_reports.get_generation()
        return self.cache.find(question, generation) or await self._flights.join(
            (question, generation),
            partial(self._read, question),
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

    async def _read(self, question: Question) -> Report:
        async with self.reading() as repositories:
            reports = repositories.log_reports
            generation, found, data_range = await reports.get(*question)
        answered = self._answer(question, found, data_range)
        if self.cache is not None:
            self.cache.keep(question, generation, answered)
        return answered

    def _answer(
        self,
        question: Question,
        found: Findings,
        data_range: DataRange,
    ) -> Report:
        name, parameters = question
        return Report(
            name=name,
            question=REPORTS[name].question,
            sentence=REPORTS[name].say(found.answer),
            parameters=parameters,
            findings=found,
            meta=Meta(
                data_range=data_range,
                country_source=data_range.country_source or self.country_source,
                unknown=found.unknown,
                funnel=found.funnel,
            ),
        )
