"""Which passwords may be set, which signing in does not ask, and when two are one.

After NIST SP 800-63B: length and a list of the most common ones, no rules of
composition. The list is the head of the one that the library zxcvbn ranks.
"""

from functools import cache
from importlib import import_module
from itertools import islice
from typing import Final
from unicodedata import category, normalize

from prilavok.domain.users import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH

COMMON_COUNT: Final = 3000


@cache
def common_passwords() -> frozenset[str]:
    """Load the list when a password is set: it takes 12 MB, and many never need it."""
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    return frozenset(islice(lists["passwords"], COMMON_COUNT))


def is_common(password: str) -> bool:
    """Tell whether the password is among the first that anybody would guess."""
    return password.lower() in common_passwords()


def why_refused(password: str) -> str | None:
    """Say in a sentence why nobody may have this password; None where he may."""
    if not PASSWORD_MIN_LENGTH <= len(comparable(password)) <= PASSWORD_MAX_LENGTH:
        return (
            f"A password needs {PASSWORD_MIN_LENGTH} to {PASSWORD_MAX_LENGTH} "
            "characters."
        )
    if is_common(comparable(password)):
        return "This is one of the most common passwords."
    return None


def comparable(password: str) -> str:
    """Return the form in which passwords are compared: OpaqueString of RFC 8265.

    Keyboards write the same letter in several ways, and spaces, too: NFC, and a plain
    space for each other one. Case, width and everything else tell passwords apart.
    """
    spaced = "".join(" " if category(it) == "Zs" else it for it in password)
    return normalize("NFC", spaced)
