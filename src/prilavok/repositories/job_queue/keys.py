"""Where the queue lies in Redis, and how large it may become."""

from typing import Final

from prilavok.repositories.redis_client import PREFIX

QUEUE: Final = f"{PREFIX}jobs:queue"
DEAD: Final = f"{PREFIX}jobs:dead"
DUE: Final = f"{PREFIX}jobs:due:"
GROUP: Final = "workers"
MESSAGE: Final = b"message"
# Beyond that the oldest go; sweeps find their rows all the same.
MAX_WAITING: Final = 100_000
MAX_DEAD: Final = 1000
STORE: Final = "job queue"
