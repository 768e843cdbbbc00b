"""What transactions of imports ask of PostgreSQL."""

from typing import Final

# A crash may lose whole blocks, each together with its counts.
NO_WAIT_FOR_DISK: Final = "SET LOCAL synchronous_commit = off"
# Tables that have just been filled have no statistics: without these the planner reads
# them, or their indexes, from end to end for every block.
BY_INDEX: Final = "SET LOCAL enable_seqscan = off"
IN_ORDER: Final = "SET LOCAL enable_bitmapscan = off"
NO_COMPILER: Final = "SET LOCAL jit = off"
FEW_AMONG_MANY: Final = ";".join((NO_WAIT_FOR_DISK, BY_INDEX, IN_ORDER, NO_COMPILER))
