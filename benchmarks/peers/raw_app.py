"""aiohttp and asyncpg with nothing between them: what is possible at all."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import uvloop
from aiohttp import web
from benchmarks.peers.common import (
    COOKIE,
    DATABASE_URL,
    DEFAULT_PER_PAGE,
    NEEDED,
    POOL_SIZE,
    PORT,
    REDIS_URL,
    session_key,
)
from redis.asyncio import Redis

POOL: Final = web.AppKey[Any]("pool")
REDIS: Final = web.AppKey[Any]("redis")
WHO_IS_THIS: Final = """
SELECT u.is_active, r.permissions
FROM users u JOIN roles r ON r.id = u.role_id WHERE u.id = $1
"""
LIST: Final = """
SELECT u.id, u.login, u.first_name, u.last_name, u.email, u.birth_date,
       r.name AS role, u.language, u.is_active, u.registered_at
FROM users u JOIN roles r ON r.id = u.role_id ORDER BY u.id LIMIT $1 OFFSET $2
"""
TOTAL: Final = "SELECT count(*) FROM users"


async def connect(app: web.Application) -> AsyncIterator[None]:
    """Open both stores."""
    app[REDIS] = Redis.from_url(REDIS_URL)
    async with asyncpg.create_pool(DATABASE_URL, max_size=POOL_SIZE) as pool:
        app[POOL] = pool
        yield


async def list_users(request: web.Request) -> web.Response:
    """Show one page of the accounts to who is signed in and may."""
    key = session_key(request.cookies.get(COOKIE, ""))
    user_id = await request.app[REDIS].get(key)
    if user_id is None:
        raise web.HTTPUnauthorized
    limit = int(request.query.get("per_page", DEFAULT_PER_PAGE))
    page = int(request.query.get("page", 1))
    async with request.app[POOL].acquire() as connection:
        asking = await connection.fetchrow(WHO_IS_THIS, user_id.decode())
        if not asking["is_active"] or NEEDED not in asking["permissions"]:
            raise web.HTTPForbidden
        rows = await connection.fetch(LIST, limit, (page - 1) * limit)
        total = await connection.fetchval(TOTAL)
    answer = {"items": list(map(dict, rows)), "total": total}
    return web.Response(
        body=orjson.dumps(answer, default=str),
        content_type="application/json",
    )


def main() -> None:
    """Serve."""
    app = web.Application()
    app.cleanup_ctx.append(connect)
    app.router.add_get("/api/v1/users", list_users)
    serve = partial(web.run_app, app, host="127.0.0.1", port=PORT)
    serve(loop=uvloop.new_event_loop(), access_log=None, print=None)


if __name__ == "__main__":
    main()
