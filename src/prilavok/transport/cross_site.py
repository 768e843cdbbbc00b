"""Writes that another site makes a browser send are refused."""

from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from prilavok.domain.errors import Forbidden
from prilavok.transport.keys import SITE

SAFE_METHODS: Final = frozenset((hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS))
# "none": the person himself, by the address bar.
OWN_SITES: Final = frozenset(("same-origin", "none"))


class CrossSite(Forbidden):
    """The request comes from a page of another site."""

    code = "cross-site"


def check_same_origin(request: web.Request) -> None:
    """Raise ``CrossSite`` for an unsafe request that a foreign page has caused.

    Browsers tell where a request comes from and pages cannot change what they tell;
    programs such as curl tell nothing, and hold no cookie of somebody else.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get(hdrs.ORIGIN)
    site = request.headers.get("Sec-Fetch-Site")
    foreign_origin = origin is not None and not _is_own(origin, request)
    if foreign_origin or (site is not None and site not in OWN_SITES):
        raise CrossSite("This request comes from another site.")


def _is_own(origin: str, request: web.Request) -> bool:
    """Compare scheme, host and port, by the name under which this request came.

    Under the name of PUBLIC_URL the scheme is the one that stands there, which only
    the proxy before us has seen.
    """
    public = urlsplit(request.app[SITE].public_url)
    if origin == f"{public.scheme}://{public.netloc}":
        return True
    if request.host == public.netloc:
        return False
    return origin == f"{request.scheme}://{request.host}"
