"""Short ways to ask and to be told, for tests that ask a lot."""

from collections.abc import Mapping
from typing import Any

from tests.api.people import API, ApiClient


async def read(client: ApiClient, path: str, **options: Any) -> Any:
    """Read something that must be there."""
    response = await client.get(f"{API}{path}", **options)
    assert response.ok, await response.text()
    return await response.json()


async def own_id(client: ApiClient) -> str:
    """Tell the id of whoever is signed in."""
    me = await read(client, "/auth/me")
    return str(me["user"]["id"])


async def ask(client: ApiClient, line: str, body: object = None) -> int:
    """Send ``METHOD /path`` with a JSON body, if any; return the status."""
    method, path = line.split()
    options: dict[str, Any] = {} if body is None else {"json": body}
    response = await client.request(method, f"{API}{path}", **options)
    await response.read()
    return response.status


async def refusal(
    client: ApiClient,
    line: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Send what must be refused; return the problem document."""
    method, path = line.split()
    options: dict[str, Any] = {} if body is None else {"json": body}
    response = await client.request(method, f"{API}{path}", headers=headers, **options)
    problem: dict[str, Any] = await response.json(
        content_type="application/problem+json",
    )
    assert problem["status"] == response.status
    return problem


def pointers(problem: Mapping[str, Any]) -> list[str]:
    """List the places that a problem document points at."""
    return [error["pointer"] for error in problem.get("errors", ())]


async def built_in_role(admin: ApiClient, name: str) -> str:
    """Tell the id of a built-in role."""
    found = (await read(admin, f"/roles?q={name}"))["items"]
    return str(next(role["id"] for role in found if role["built_in"]))
