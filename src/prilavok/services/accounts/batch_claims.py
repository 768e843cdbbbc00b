"""Which item of a batch claims which unique field, so that refusals can name it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeAlias, final
from uuid import UUID

from prilavok.repositories.uniqueness import Uniqueness

# The place of the item that had the last word on a row's field.
Places: TypeAlias = dict[UUID, str]
CONSTRAINTS: Final = MappingProxyType(
    {
        "login": "uq__users__login",
        "email": "uq__users__email",
        "name": "uq__roles__name",
    },
)


@final
class BatchClaims:
    """Notes what a batch writes, and checks the result once all is written."""

    def __init__(self, uniqueness: Uniqueness) -> None:
        """Start with nothing written."""
        self._uniqueness = uniqueness
        self._places: dict[str, Places] = {}

    async def begin(self) -> None:
        """Let the steps of the batch pass through states that may not stay."""
        await self._uniqueness.defer()

    def note(self, pointer: str, row_id: UUID, fields: Iterable[str]) -> None:
        """Remember which item set unique fields of a row."""
        for field in CONSTRAINTS.keys() & set(fields):
            places = self._places.setdefault(field, {})
            # Set again, it goes to the end: the later of two alike is refused.
            places.pop(row_id, None)
            places[row_id] = pointer

    async def check(self) -> None:
        """Raise the ``Conflict`` of the first field that is not unique in the end."""
        for field in sorted(self._places):
            places = self._places[field]
            constraint = CONSTRAINTS[field]
            groups = await self._uniqueness.find_alike(constraint, places)
            refused = list(chain.from_iterable(_too_many(groups, places)))
            if refused:
                error = self._uniqueness.refusal(constraint)
                error.errors = {f"{place}/{field}": error.detail for place in refused}
                raise error
        await self._uniqueness.check()


def _too_many(
    groups: Iterable[frozenset[UUID]],
    places: Mapping[UUID, str],
) -> Iterator[list[str]]:
    """Name the items that took what a row has which the batch left alone.

    Where it left none of them alone, the first item may have it.
    """
    for group in groups:
        items = [place for row_id, place in places.items() if row_id in group]
        yield items if len(items) < len(group) else items[1:]
