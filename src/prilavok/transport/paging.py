"""Links from one page of a list to the others."""

from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from aiohttp import hdrs
from yarl import URL

from prilavok.domain.paging import Page

# Longer header lines are more than clients and proxies take.
MAX_LENGTH: Final = 4000


def page_links(url: URL, page: Page[Any]) -> Mapping[str, str]:
    """Build the RFC 8288 header: first, prev, next and last, where they exist.

    A query so long that its links would not fit has none.
    """
    last = max(1, ceil(page.total / page.per_page))
    numbers = {
        "first": 1,
        "prev": min(page.page - 1, last),
        "next": page.page + 1,
        "last": last,
    }
    links = [
        f'<{url.update_query(page=number)}>; rel="{rel}"'
        for rel, number in numbers.items()
        if 1 <= number <= last
    ]
    header = ", ".join(links)
    return {hdrs.LINK: header} if len(header) <= MAX_LENGTH else {}
