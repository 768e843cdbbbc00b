"""When a log is too much: archives that unpack to gigabytes, and endless files."""

from dataclasses import dataclass
from typing import Final, final

# 20 GiB, and 64 MiB.
MOST_BYTES: Final = 21_474_836_480
HARMLESS_BYTES: Final = 67_108_864


@final
@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a log may be, so that nothing endless is read to its end.

    ``total`` is in bytes, of what a packed log unpacks to. Logs are packed to a tenth
    or a thirtieth of their size; what unpacks to more than ``ratio`` times its size is
    a bomb, but nobody need care before ``harmless`` bytes.
    """

    total: int = MOST_BYTES
    ratio: int = 200
    harmless: int = HARMLESS_BYTES

    def find_excess(self, unpacked: int, packed: int) -> str | None:
        """Say what is too much after so many bytes; None while all is well."""
        if unpacked > self.total:
            return f"it is longer than {self.total} bytes"
        if unpacked > max(self.harmless, self.ratio * packed):
            return f"it unpacks to more than {self.ratio} times its size"
        return None


NO_MORE_THAN: Final = ReadLimits()
