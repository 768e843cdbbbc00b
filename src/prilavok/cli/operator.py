"""Who acts when somebody types a command: an operator, who may do everything."""

from getpass import getuser
from typing import Final
from uuid import uuid4

from prilavok.domain.access import Actor, Permission

EVERYTHING: Final = frozenset(permission.value for permission in Permission)


def operator() -> Actor:
    """Name the operator for logs and history; he is no account of the service."""
    return Actor(
        request_id=f"cli-{uuid4().hex}",
        permissions=EVERYTHING,
        login=f"operator {getuser()}",
    )
