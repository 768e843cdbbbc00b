"""Everything that a transaction of an import may touch."""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, final
from uuid import UUID

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.countries import CountryRepositories
from prilavok.repositories.log_imports.imports import ImportRepository
from prilavok.repositories.log_imports.tasks import ImportTaskRepository

if TYPE_CHECKING:
    from prilavok.repositories.log_imports.row_repositories import RowRepositories


class Generations(NamedTuple):
    """Names of the data as a transaction found them, and as it leaves them."""

    found: UUID
    left: UUID


@final
class LogRepositories:
    """What one transaction of an import may touch.

    ``generations`` are none outside of a transaction.
    """

    def __init__(
        self,
        driver: Driver,
        generations: Generations | None = None,
    ) -> None:
        """Bind every repository to the connection."""
        self._driver = driver
        self.generations = generations
        self.imports = ImportRepository(driver)

    @property
    def holds_lock(self) -> bool:
        """Tell whether nobody else can write meanwhile."""
        return self.generations is not None

    @cached_property
    def rows(self) -> "RowRepositories":
        """What the lines of logs become; loads polars when asked for the first time."""
        from prilavok.repositories.log_imports.row_repositories import RowRepositories

        return RowRepositories(self._driver)

    @property
    def tasks(self) -> ImportTaskRepository:
        """What is left to do of imports."""
        return ImportTaskRepository(self._driver)

    @property
    def countries(self) -> CountryRepositories:
        """Where visitors are, and who told so."""
        return CountryRepositories(self._driver)
