"""How sources are asked, as the settings say."""

from time import monotonic

from prilavok.clients.json_sources.client import SourceClient
from prilavok.services.sources.asking import SourceAsking
from prilavok.services.sources.breakers import Breakers
from prilavok.settings import Settings


def source_asking(settings: Settings, client: SourceClient) -> SourceAsking:
    """Spare sources that keep failing, unless the settings say otherwise."""
    breakers = Breakers(monotonic) if settings.source_breaker else None
    seconds = settings.source_timeout_seconds
    return SourceAsking(client, seconds, monotonic, breakers)
