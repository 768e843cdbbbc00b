"""Where the parts of lines stand in a text."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from typing_extensions import Self

from prilavok.services.log_analytics.blocks import Numbers

# From its time on, every line is the same up to its address.
KEY_PLACE: Final = len("2018-08-01 00:28:36 [")
ADDRESS_PLACE: Final = len("2018-08-01 00:28:36 [OOZLQWZC] INFO: ")


@final
@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of many lines stand."""

    time: Numbers
    address_end: Numbers
    path: Numbers
    path_end: Numbers

    @classmethod
    def join(cls, parts: "list[Places]") -> Self:
        """Return those of all parts, one after the other."""
        columns = zip(
            *(
                (part.time, part.address_end, part.path, part.path_end)
                for part in parts
            ),
            strict=True,
        )
        return cls(*map(np.concatenate, columns))

    @classmethod
    def none(cls) -> Self:
        """Return those of no line."""
        return cls(*(np.zeros(0, np.int64) for _ in range(4)))

    @property
    def key(self) -> Numbers:
        """Where keys start."""
        return self.time + KEY_PLACE

    @property
    def address(self) -> Numbers:
        """Where addresses start."""
        return self.time + ADDRESS_PLACE
