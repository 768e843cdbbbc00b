"""Which passwords may be set; signing in does not ask.

After NIST SP 800-63B: length and a list of the most common ones, no rules of
composition. The list is the head of the one that the library zxcvbn ranks.
"""

from itertools import islice
from typing import Final

from zxcvbn.frequency_lists import FREQUENCY_LISTS

COMMON_COUNT: Final = 3000
COMMON: Final = frozenset(islice(FREQUENCY_LISTS["passwords"], COMMON_COUNT))


def is_common(password: str) -> bool:
    """Tell whether the password is among the first that anybody would guess."""
    return password.lower() in COMMON
