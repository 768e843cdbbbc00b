"""Answers of reports, kept while the data they were made of is the newest."""

from typing import Final, TypeAlias, final
from uuid import UUID

from cachetools import LRUCache

from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import Report

Question: TypeAlias = tuple[ReportName, Days]
# Bounds the memory of a web process: a row takes a few hundred bytes.
MOST_ROWS: Final = 50_000


@final
class ReportCache:
    """The answers asked for last; a longer one than fits is not kept at all."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        """Keep answers of at most so many rows together; an answer counts as one."""
        self._kept = LRUCache[Question, tuple[UUID, Report]](most_rows, _count_rows)

    def find(self, question: Question, generation: UUID) -> Report | None:
        """Return the answer, if it was made of this generation of the data."""
        made_of, report = self._kept.get(question, (None, None))
        return report if made_of == generation else None

    def keep(self, question: Question, generation: UUID, report: Report) -> None:
        """Keep an answer in place of an older one."""
        self._kept.pop(question, None)
        entry = (generation, report)
        if _count_rows(entry) <= self._kept.maxsize:
            self._kept[question] = entry


def _count_rows(entry: tuple[UUID, Report]) -> int:
    findings = entry[1].findings
    return 1 + len(findings.rows) + len(findings.heatmap)
