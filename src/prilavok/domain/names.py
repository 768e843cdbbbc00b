"""Names that people can see, and that show as they are written.

Refused are characters without a shape or with power over others: controls and formats
(categories Cc, Cf), line and paragraph separators, what Unicode calls default-ignorable
(variation selectors and fillers among them), and the blank Braille pattern. Two names
could look alike, one hold nothing to see, or turn what stands behind it around.

The joiners U+200C and U+200D are no ornaments in Persian, Hindi or Sinhala, where names
are misspelt without them. They may stand where IDNA 2008 lets them (RFC 5892, appendix
A.1 and A.2): there they change what one sees. Elsewhere, as between Latin letters, they
are as invisible as the others. Emoji made of several by joiners, and the variants of
Japanese characters, are refused for the sake of that rule; their plain forms are taken.
"""

from re import compile as pattern
from typing import Final
from unicodedata import category

from idna.core import valid_contextj

# Longer than any name: others need not be looked at.
LONGEST: Final = 256
JOINERS: Final = frozenset("\u200c\u200d")
HIDDEN_CATEGORIES: Final = frozenset(("Cc", "Cf", "Zl", "Zp", "Cs"))
# Letters, digits, punctuation and symbols; marks and spaces need one of them.
SEEN_CATEGORIES: Final = frozenset("LNPS")
# Default_Ignorable_Code_Point of Unicode, where the category does not say so, too.
IGNORABLE: Final = pattern(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f"
    r"\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]",
)


def why_not_shown(name: str) -> str | None:
    """Say in a sentence what is not to be seen in a name; None where all is."""
    if len(name) > LONGEST:
        return None
    if any(_is_hidden(name, place) for place in range(len(name))):
        return "It holds a character that is invisible or changes the direction."
    if not any(category(letter)[0] in SEEN_CATEGORIES for letter in name):
        return "It has nothing to see in it."
    return None


def _is_hidden(name: str, place: int) -> bool:
    letter = name[place]
    if letter in JOINERS:
        return not _joins(name, place)
    if category(letter) in HIDDEN_CATEGORIES:
        return True
    return IGNORABLE.match(letter) is not None


def _joins(name: str, place: int) -> bool:
    try:
        return valid_contextj(name, place)
    except ValueError:
        # Beside a character that has no name, such as a control.
        return False
