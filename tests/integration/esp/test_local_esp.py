"""What ``prilavok up`` makes of the settings of the demo provider."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from prilavok.domain.esp import EspState
from prilavok.embedded.demo_esp.supervision import LocalEsp
from prilavok.stopping import Stopping
from tests.esp.local import ensure, start


def test_a_taken_port_is_left_to_its_owner(stack: ExitStack, tmp_path: Path) -> None:
    """The next free one is used, and the settings say so."""
    first = LocalEsp(tmp_path, stack)
    first.settings()
    second = LocalEsp(tmp_path, stack)

    assert second.settings()["ESP_URL"] == second.url
    assert second.url != first.url


@pytest.mark.parametrize(
    ("name", "given"),
    [("ESP_PROVIDER", "brevo"), ("ESP_URL", "http://127.0.0.1:1")],
)
def test_a_provider_of_ones_own_needs_no_demo(
    stack: ExitStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    given: str,
) -> None:
    """Then nothing of ours goes into its settings, the token least of all."""
    monkeypatch.setenv(name, given)
    esp = LocalEsp(tmp_path, stack)

    assert (dict(esp.settings()), list(esp.words()), esp.url) == ({}, [], None)
    with closing(Stopping()) as never:
        esp.await_ready(never)


async def test_a_token_of_ones_own_is_agreed_on(
    stack: ExitStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It wins in the service, so the demo provider must know it."""
    LocalEsp(tmp_path, stack).settings()
    monkeypatch.setenv("ESP_TOKEN", "mine")
    settings, _ = start(tmp_path, stack)

    assert settings["ESP_TOKEN"] == "mine"
    assert await ensure(settings, "ann@example.com") == [EspState.CREATED]
