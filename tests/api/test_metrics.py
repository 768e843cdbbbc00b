"""Counters for Prometheus are not for everybody."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from prilavok.settings import Settings
from tests.api.people import ApiClient


async def test_this_machine_may_read_metrics(client: ApiClient) -> None:
    """41: loopback, where nothing else is named."""
    response = await client.get("/metrics")

    assert response.status == 200
    assert "# TYPE prilavok_http_request_seconds histogram" in await response.text()


class TestNetworks:
    """A service behind a proxy on its own machine, watched from one network."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Name the proxy, and the network."""
        return replace(
            settings,
            trusted_proxies=(ip_network("127.0.0.0/8"),),
            metrics_allowed=(ip_network("10.0.0.0/8"),),
        )

    @pytest.mark.parametrize(
        ("sender", "status"),
        [("10.1.2.3", 200), ("203.0.113.7", 403), ("::1", 403), (None, 403)],
    )
    async def test_metrics_are_for_networks_that_are_named(
        self,
        client: ApiClient,
        sender: str | None,
        status: int,
    ) -> None:
        """41: what counts is where the request comes from, not its last proxy."""
        headers = {} if sender is None else {"X-Forwarded-For": sender}
        response = await client.get("/metrics", headers=headers)

        assert response.status == status
