"""Entity tags: what a client has already need not be sent again (RFC 9110, 13)."""

from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

ANY: Final = "*"
DIGEST_BYTES: Final = 6
READS: Final = frozenset((hdrs.METH_GET, hdrs.METH_HEAD))
# Between the version, which ``If-Match`` compares, and what else the answer shows.
SEPARATOR: Final = "."


def tag_answer(request: web.Request, response: web.Response) -> web.Response:
    """Make the tag of a resource exact; 304 where the client has just this answer.

    The version alone would not do: the role of a user can be renamed, and a source
    tells what came last, without any new version.
    """
    version = response.headers.get(hdrs.ETAG)
    if version is None or not isinstance(response.body, bytes):
        return response
    digest = blake2b(response.body, digest_size=DIGEST_BYTES).hexdigest()
    bare = version.strip('"')
    response.headers[hdrs.ETAG] = f'"{bare}{SEPARATOR}{digest}"'
    if request.method not in READS or not _is_known(request, response):
        return response
    return web.Response(
        status=HTTPStatus.NOT_MODIFIED,
        headers={hdrs.ETAG: response.headers[hdrs.ETAG]},
    )


def read_tags(request: web.Request, name: str) -> frozenset[str] | None:
    """Read a list of tags, in one line or several; None: any, or no header.

    Weak tags count like strong ones, as proxies that pack answers make them weak.
    """
    lines = request.headers.getall(name, ())
    tags = [tag.strip() for line in lines for tag in line.split(",")]
    if not lines or ANY in tags:
        return None
    return frozenset(tag.removeprefix("W/").strip('"') for tag in tags)


def version_of(tag: str) -> str:
    """Read the version of a tag."""
    return tag.partition(SEPARATOR)[0]


def _is_known(request: web.Request, response: web.Response) -> bool:
    if hdrs.IF_NONE_MATCH not in request.headers:
        return False
    known = read_tags(request, hdrs.IF_NONE_MATCH)
    return known is None or response.headers[hdrs.ETAG].strip('"') in known
