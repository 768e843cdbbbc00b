"""What browsers are told not to do with our answers."""

from typing import Final

from aiohttp import hdrs, web

# Pages load their own files only; the Swagger page needs inline styles and data images.
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ),
)


async def add_security_headers(
    request: web.Request,
    response: web.StreamResponse,
) -> None:
    """Guard every answer of the application, streams included."""
    guard(response)


def guard(response: web.StreamResponse) -> None:
    """Set the headers; what an API answers is private unless it says otherwise."""
    headers = response.headers
    headers[hdrs.SERVER] = "prilavok"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Content-Security-Policy"] = POLICY
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
