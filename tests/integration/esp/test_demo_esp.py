"""The demo provider as ``make run`` starts it."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from signal import SIGKILL
from stat import S_IMODE
from typing import Any, Final

from aiohttp import ClientSession

from prilavok.domain.esp import EspState
from tests.esp.ledger import BLOCKED
from tests.esp.local import ensure, start

HOSTILE: Final = "<script>alert(1)</script>&\"'@example.com"


async def read(url: str, **headers: str) -> tuple[int, Mapping[str, str], str]:
    """Get a page."""
    async with (
        ClientSession(headers=headers) as session,
        session.get(url) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


async def test_contacts_outlive_a_kill(stack: ExitStack, tmp_path: Path) -> None:
    """What was answered is there afterwards, under the same token."""
    before, process = start(tmp_path, stack)
    emails = [f"player{number}@example.com" for number in range(50)]
    made = await ensure(before, *emails)
    process.send_signal(SIGKILL)
    process.wait()
    after, _ = start(tmp_path, stack)

    assert set(made) == {EspState.CREATED}
    assert set(await ensure(after, *emails)) == {EspState.KNOWN}
    assert before["ESP_TOKEN"] == after["ESP_TOKEN"]
    assert S_IMODE((tmp_path / "demo_esp").stat().st_mode) == 0o700


async def test_the_page_shows_contacts_as_text(
    stack: ExitStack,
    tmp_path: Path,
) -> None:
    """Clearly labelled, newest first, and no address is markup."""
    settings, _ = start(tmp_path, stack)
    await ensure(settings, "ann@example.com", HOSTILE, f"bob{BLOCKED}")
    status, headers, page = await read(settings["ESP_URL"])

    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "This is a demo." in page
    assert "2 contacts in all" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;@example" in page
    assert page.index("&lt;script") < page.index("ann@example.com")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert BLOCKED not in page


async def test_only_this_machine_reads_them(stack: ExitStack, tmp_path: Path) -> None:
    """No token, no API; a foreign name that leads here (DNS rebinding), no page."""
    settings, _ = start(tmp_path, stack)
    url = settings["ESP_URL"]
    bent = await read(url, Host="evil.example:8190")
    odd = await read(url, Host="[")
    anonymous = await read(f"{url}/api/contacts/ann@example.com")

    assert (bent[0], odd[0], anonymous[0]) == (421, 421, 401)


BAD_BODIES: Final = (
    (b"", 400),
    (b"{", 400),
    (b"[]", 422),
    (b'{"email": 7}', 422),
    (b'{"email": "a b@example.com"}', 422),
    (b'{"email": "ann@example"}', 422),
    (b'{"email": "' + b"a" * 5000 + b'@example.com"}', 413),
)


async def test_bad_bodies_are_refused(stack: ExitStack, tmp_path: Path) -> None:
    """With 4xx, never 5xx."""
    settings, _ = start(tmp_path, stack)
    headers = {"Authorization": f"Bearer {settings['ESP_TOKEN']}"}
    statuses: list[Any] = []
    async with ClientSession(settings["ESP_URL"], headers=headers) as session:
        for body, _status in BAD_BODIES:
            async with session.post("/api/contacts", data=body) as answer:
                statuses.append(answer.status)

    assert statuses == [status for _body, status in BAD_BODIES]


async def test_two_players_are_two_contacts(stack: ExitStack, tmp_path: Path) -> None:
    """Case is ignored as the game ignores it, and no further."""
    settings, _ = start(tmp_path, stack)
    made = await ensure(settings, "straße@x.example", "strasse@x.example")
    known = await ensure(settings, "STRAßE@x.example")

    assert [*made, *known] == [EspState.CREATED, EspState.CREATED, EspState.KNOWN]
