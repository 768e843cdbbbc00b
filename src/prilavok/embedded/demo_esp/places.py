"""Names of the files in the folder of the demo provider."""

from typing import Final

BOOK: Final = "contacts.sqlite"
TOKEN: Final = "token"
