"""What tests ask about the devices where somebody is signed in."""

from tests.api.calls import ask, read
from tests.api.people import ApiClient


def ticket(client: ApiClient) -> str:
    """Show the cookie that a browser holds."""
    return next(cookie.value for cookie in client.session.cookie_jar)


async def are_in(*clients: ApiClient) -> list[int]:
    """Ask with each whether it is signed in."""
    return [await ask(client, "GET /auth/me") for client in clients]


async def end(client: ApiClient, session_id: str) -> int:
    """End anybody's session as an administrator does."""
    return await ask(client, f"DELETE /sessions/{session_id}")


async def current(client: ApiClient) -> str:
    """Tell the id of the session that asks."""
    sessions = (await read(client, "/auth/sessions"))["items"]
    return str(next(it["id"] for it in sessions if it["current"]))
