"""Pages for people: the documentation and what problems mean."""

from html import escape
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
from aiohttp import web

from prilavok.transport.fault_texts import CODE_TEXTS
from prilavok.transport.handlers.health import show_metrics
from prilavok.transport.keys import ROUTE
from prilavok.transport.openapi import openapi_document

# The files of Swagger UI 5 as the package swagger-ui-py ships them (Apache 2.0).
SWAGGER: Final = Path(str(files("swagger_ui") / "static"))
SWAGGER_FILES: Final = ("swagger-ui.css", "swagger-ui-bundle.js")
START: Final = b"""
SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger", deepLinking: true});
"""
HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Prilavok</title>
{links}
</head>
<body>
{body}
</body>
</html>
"""
DOCS: Final = HEAD.format(
    title="HTTP API",
    links='<link rel="stylesheet" href="/docs/swagger-ui.css">',
    body='<div id="swagger"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>'
    '\n<script src="/docs/start.js"></script>',
)


async def show_start(request: web.Request) -> web.Response:
    """Lead to the documentation until there are pages."""
    raise web.HTTPFound("/docs")


async def show_docs(request: web.Request) -> web.Response:
    """Show the API in Swagger UI, from files of our own."""
    return _html(DOCS)


async def show_docs_script(request: web.Request) -> web.Response:
    """Start Swagger UI; a script of its own, so that pages need no inline ones."""
    return web.Response(body=START, content_type="text/javascript")


async def show_openapi(request: web.Request) -> web.Response:
    """Give the OpenAPI document."""
    return web.Response(
        body=orjson.dumps(openapi_document()),
        content_type="application/json",
    )


async def list_problems(request: web.Request) -> web.Response:
    """Explain every problem code."""
    entries = "\n".join(
        f'<dt><a href="/problems/{code}">{code}</a></dt><dd>{escape(text)}</dd>'
        for code, text in sorted(CODE_TEXTS.items())
    )
    return _page("Problems", f"<h1>Problems</h1>\n<dl>\n{entries}\n</dl>")


async def show_problem(request: web.Request) -> web.Response:
    """Explain one problem code."""
    code = request.match_info["code"]
    if code not in CODE_TEXTS:
        raise web.HTTPNotFound
    text = escape(CODE_TEXTS[code])
    links = '<p><a href="/problems">All problems</a></p>'
    return _page(code, f"<h1>{code}</h1>\n<p>{text}</p>\n{links}")


def add_pages(app: web.Application) -> None:
    """Let the application serve these pages to anyone; none shows anything private."""
    pages = {
        "/": show_start,
        "/docs": show_docs,
        "/docs/start.js": show_docs_script,
        "/openapi.json": show_openapi,
        "/problems": list_problems,
        "/problems/{code}": show_problem,
        "/metrics": show_metrics,
    }
    for path, page in pages.items():
        app.router.add_get(path, page)
    for name in SWAGGER_FILES:
        app.router.add_get(f"/docs/{name}", show_swagger_file, name=None)


async def show_swagger_file(request: web.Request) -> web.FileResponse:
    """Give one file of Swagger UI."""
    request[ROUTE] = "/docs/{file}"
    name = request.path.rpartition("/")[2]
    response = web.FileResponse(SWAGGER / name, status=HTTPStatus.OK)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _page(title: str, body: str) -> web.Response:
    return _html(HEAD.format(title=escape(title), links="", body=body))


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html", charset="utf-8")
