"""Numbers that PostgreSQL keeps packed, many in one value."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

# As PostgreSQL's int4send writes it.
NUMBER: Final = ">i4"


def unpack(packed: Sequence[bytes]) -> Any:
    """Return the numbers of some rows, one after the other, as an array."""
    return np.frombuffer(b"".join(packed), NUMBER).astype(np.int64)
