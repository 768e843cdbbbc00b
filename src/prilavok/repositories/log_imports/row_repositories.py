"""The tables that lines of logs become, written and read as columns by polars."""

from typing import final

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.cart_events import CartEventRepository
from prilavok.repositories.log_imports.carts import CartRepository
from prilavok.repositories.log_imports.deletion import DeletionRepository
from prilavok.repositories.log_imports.events import EventRepository
from prilavok.repositories.log_imports.new_carts import NewCartRepository
from prilavok.repositories.log_imports.pages import PageRepository
from prilavok.repositories.log_imports.summaries import SummaryRepository
from prilavok.repositories.log_imports.visitors import VisitorRepository


@final
class RowRepositories:
    """Tables of one connection."""

    def __init__(self, driver: Driver) -> None:
        """Bind every repository to the connection."""
        self.events = EventRepository(driver)
        self.visitors = VisitorRepository(driver)
        self.pages = PageRepository(driver)
        self.cart_events = CartEventRepository(driver)
        self.carts = CartRepository(driver)
        self.summaries = SummaryRepository(driver)
        self.deletion = DeletionRepository(driver)
        self.new_carts = NewCartRepository(driver)
