"""The page on which the demo provider shows its contacts."""

from collections.abc import Sequence
from html import escape
from types import MappingProxyType
from typing import Final

from prilavok.embedded.demo_esp.contact_book import Contact

HEADERS: Final = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    },
)
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Demo email provider: contacts</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem;
  padding: 0 1rem; color: #1a1a1a; background: #fff }}
.demo {{ border: 2px solid #8a4b00; padding: .5rem 1rem; background: #fff4e0 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #ccc;
  overflow-wrap: anywhere }}
</style>
</head>
<body>
<h1>Contacts of the demo email provider</h1>
<p class="demo"><strong>This is a demo.</strong> It runs on this machine only and never
sends mail. A real provider is chosen by the setting ESP_PROVIDER.</p>
<p>{count} in all, the newest {limit} are shown.</p>
<table>
<thead><tr><th scope="col">Email</th><th scope="col">Created (UTC)</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def contacts_page(count: int, limit: int, contacts: Sequence[Contact]) -> str:
    """Write the page; whatever the emails hold is shown as text."""
    rows = "\n".join(map(_row, contacts))
    return PAGE.format(count=_amount(count), limit=limit, rows=rows)


def _row(contact: Contact) -> str:
    email, created_at = escape(contact.email), escape(contact.created_at)
    return f"<tr><td>{email}</td><td><time>{created_at}</time></td></tr>"


def _amount(count: int) -> str:
    return "1 contact" if count == 1 else f"{count} contacts"
