"""Somebody who uses an instance by HTTP."""

import json
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.e2e.instance import PATIENCE_SECONDS, Instance

PASSWORD: Final = "a long and quiet river"
FIELD: Final = b"data: "


class Visitor:
    """Has a browser's cookies; what is refused raises ``HTTPError``."""

    def __init__(self, instance: Instance) -> None:
        """Come without any cookie."""
        self._api = f"http://127.0.0.1:{instance.port}/api/v1"
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def sign_in(self) -> None:
        """Become the administrator."""
        self.send("POST", "/auth/login", {"login": "admin", "password": PASSWORD})

    def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send JSON; return status and document."""
        sent = None if body is None else json.dumps(body).encode()
        with self._open(method, path, "application/json", sent) as answer:
            read = answer.read()
            return answer.status, json.loads(read) if read else None

    def upload(self, log: bytes) -> str:
        """Bring a log; return the id of its import."""
        with self._open("POST", "/imports", "text/plain", log) as answer:
            found: str = json.loads(answer.read())["id"]
            return found

    def follow(self, import_id: str) -> Iterator[Any]:
        """Yield the import as its events tell it, until the last one."""
        path = f"/imports/{import_id}/events"
        with self._open("GET", path, "application/json", None) as events:
            for line in events:
                if line.startswith(FIELD):
                    yield json.loads(line.removeprefix(FIELD))

    def _open(self, method: str, path: str, kind: str, sent: bytes | None) -> Any:
        return self._opener.open(
            Request(
                f"{self._api}{path}",
                data=sent,
                headers={"Content-Type": kind},
                method=method,
            ),
            timeout=PATIENCE_SECONDS,
        )
