"""Jobs of countries."""

from typing import Final

from prilavok.jobs.table import JobContext, JobTable
from prilavok.schemas.base import NoInput

SECONDS: Final = 5
DAY: Final = 86_400
table: Final = JobTable()


@table.periodic("find-countries", SECONDS)
async def find_countries(context: JobContext, nothing: NoInput) -> None:
    """Find the countries of visitors who wait for theirs, for a few seconds.

    Where nobody waits this is four short questions to PostgreSQL.
    """
    await context.services.logs.countries.resolve()


@table.periodic("forget-country-answers", DAY)
async def forget_country_answers(context: JobContext, nothing: NoInput) -> None:
    """Forget addresses that were asked for, when their answers are too old."""
    await context.services.logs.countries.forget(context.stopping.is_set)
