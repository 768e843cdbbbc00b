"""Everything that a transaction of an import may touch."""

from typing import NamedTuple, final
from uuid import UUID

from prilavok.repositories.binary_copy import Driver
from prilavok.repositories.log_imports.cart_events import CartEventRepository
from prilavok.repositories.log_imports.carts import CartRepository
from prilavok.repositories.log_imports.countries import CountryRepositories
from prilavok.repositories.log_imports.deletion import DeletionRepository
from prilavok.repositories.log_imports.events import EventRepository
from prilavok.repositories.log_imports.imports import ImportRepository
from prilavok.repositories.log_imports.new_carts import NewCartRepository
from prilavok.repositories.log_imports.pages import PageRepository
from prilavok.repositories.log_imports.summaries import SummaryRepository
from prilavok.repositories.log_imports.tasks import ImportTaskRepository
from prilavok.repositories.log_imports.visitors import VisitorRepository


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
        self.events = EventRepository(driver)
        self.visitors = VisitorRepository(driver)
        self.pages = PageRepository(driver)
        self.cart_events = CartEventRepository(driver)
        self.carts = CartRepository(driver)
        self.summaries = SummaryRepository(driver)

    @property
    def holds_lock(self) -> bool:
        """Tell whether nobody else can write meanwhile."""
        return self.generations is not None

    @property
    def deletion(self) -> DeletionRepository:
        """What goes with an import."""
        return DeletionRepository(self._driver)

    @property
    def new_carts(self) -> NewCartRepository:
        """Carts that the importer has counted."""
        return NewCartRepository(self._driver)

    @property
    def tasks(self) -> ImportTaskRepository:
        """What is left to do of imports."""
        return ImportTaskRepository(self._driver)

    @property
    def countries(self) -> CountryRepositories:
        """Where visitors are, and who told so."""
        return CountryRepositories(self._driver)
