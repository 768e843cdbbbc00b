"""Reports as services ask for them."""

from collections.abc import Sequence
from typing import Final, final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from prilavok.domain.countries import CountryStatus
from prilavok.domain.reports.questions import Days, ReportName
from prilavok.domain.reports.report import DataRange, Findings
from prilavok.repositories.hot_read import HotRead
from prilavok.repositories.log_reports.country_sources import read_country_status
from prilavok.repositories.log_reports.data_range import read_data_range
from prilavok.repositories.log_reports.registry import REPORTS
from prilavok.repositories.tables.shop_logs import LogStateRow

# The days asked for decide the plan, and compiling it costs more than it gains.
# Half a million visitors are told apart in memory, not in temporary files.
PREPARE: Final = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('jit', 'off', true),"
    " set_config('work_mem', '32MB', true)",
)
GENERATION: Final = HotRead(select(LogStateRow.generation))


@final
class LogReportRepository:
    """Answers reports from the tables that imports keep."""

    def __init__(self, session: AsyncSession) -> None:
        """Read with the caller's session, whose first statement must be ours."""
        self._session = session

    async def get_generation(self) -> UUID:
        """Tell which data reports are made of now; equal means: equal answers."""
        rows = await GENERATION.fetch(self._session)
        return UUID(bytes=rows[0]["generation"].bytes)

    async def get(
        self,
        name: ReportName,
        parameters: Days,
    ) -> tuple[UUID, Findings, DataRange]:
        """Answer one report; all of it sees the data of one moment, which it names."""
        await self._begin_snapshot()
        generation = await self.get_generation()
        found = await REPORTS[name].read(self._session, parameters)
        return generation, found, await read_data_range(self._session, parameters)

    async def get_batch(
        self,
        name: ReportName,
        parameters: Days,
        last: object,
    ) -> Sequence[object]:
        """Read rows that follow ``last``; empty past the end."""
        await self._begin_snapshot()
        return await REPORTS[name].read_batch(self._session, parameters, last)

    async def get_country_status(self) -> CountryStatus:
        """Tell how far countries are known."""
        return await read_country_status(self._session)

    async def _begin_snapshot(self) -> None:
        connection = await self._session.connection(
            execution_options={
                "isolation_level": "REPEATABLE READ",
                "postgresql_readonly": True,
            },
        )
        await connection.execute(PREPARE)
