"""Sources that take a while: ``python -m benchmarks.source_server PORT``.

``/N/MILLISECONDS`` answers after so long with ten items of its own.
"""

import asyncio
import sys
from typing import Final

import orjson
import uvloop
from aiohttp import web

HOST: Final = "127.0.0.1"
ITEMS: Final = 10
MILLISECONDS: Final = 1000


async def show_items(request: web.Request) -> web.Response:
    """Wait, then answer."""
    number = int(request.match_info["number"])
    await asyncio.sleep(int(request.match_info["wait"]) / MILLISECONDS)
    ids = range(number * ITEMS, (number + 1) * ITEMS)
    items = [{"id": item_id, "name": f"Test {item_id}"} for item_id in ids]
    return web.Response(body=orjson.dumps(items), content_type="application/json")


def main() -> None:
    """Serve until SIGTERM."""
    app = web.Application()
    app.router.add_get("/{number}/{wait}", show_items)
    port = int(sys.argv[1])
    web.run_app(
        app,
        host=HOST,
        port=port,
        print=None,
        access_log=None,
        backlog=MILLISECONDS,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main()
