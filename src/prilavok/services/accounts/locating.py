"""Refusals within a batch say which of its items they are about."""

from collections.abc import Iterator
from contextlib import contextmanager

from prilavok.domain.errors import DomainError, Invalid, NotFound
from prilavok.domain.faults import Fault


@contextmanager
def locate(pointer: str) -> Iterator[None]:
    """Prefix every refusal in the block with the JSON pointer of the item.

    What a batch names and does not exist makes the batch invalid, not the address.
    """
    try:
        yield
    except NotFound as error:
        raise Invalid({pointer: Fault(error.detail, error.code)}) from error
    except DomainError as error:
        error.locate(pointer)
        raise
