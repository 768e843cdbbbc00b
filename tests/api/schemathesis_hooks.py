"""Schemathesis must not saw off the branch on which it sits.

It puts ids that it has seen into paths and bodies, and would so delete, demote or sign
out the administrator as whom it works; all that follows would be a 401.
"""

import os
from typing import Any, Final
from uuid import UUID

import schemathesis

NOBODY: Final = str(UUID(int=0))
GUARDED: Final = frozenset(os.environ.get("GUARDED_IDS", "").split(","))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Aim at nobody instead of oneself."""
    case.path_parameters = _aimed_away(case.path_parameters)
    case.body = _aimed_away(case.body)


def _aimed_away(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: _aimed_away(inner) for name, inner in given.items()}
    if isinstance(given, list):
        return [_aimed_away(inner) for inner in given]
    return NOBODY if given in GUARDED else given
