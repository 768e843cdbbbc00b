"""What has to do with countries, together."""

from typing import final

from prilavok.repositories.driver import Driver
from prilavok.repositories.log_imports.country_answers import CountryAnswerRepository
from prilavok.repositories.log_imports.country_sources import CountrySourceRepository
from prilavok.repositories.log_imports.visitor_countries import (
    VisitorCountryRepository,
)


@final
class CountryRepositories:
    """Who tells countries, what was told, and whom it is about."""

    def __init__(self, driver: Driver) -> None:
        """Bind every repository to the connection."""
        self.sources = CountrySourceRepository(driver)
        self.answers = CountryAnswerRepository(driver)
        self.visitors = VisitorCountryRepository(driver)
