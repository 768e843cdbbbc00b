"""Names that the benchmark, its stores and its servers agree on."""

from typing import Final

ADMIN_LOGIN: Final = "admin"
ADMIN_PASSWORD: Final = "correct horse battery"
TOKEN: Final = "peer"
SESSION_KEY: Final = f"prilavok:bench:{TOKEN}"
