"""What every refusal has in common."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from prilavok.transport.fault_texts import CODE_TEXTS
from prilavok.transport.problem_texts import PROBLEM_TEXTS

PROBLEM: Final = "application/problem+json"
MEMBERS: Final = frozenset(("type", "title", "status", "detail", "code", "request_id"))
EXTRA_MEMBERS: Final = frozenset(("errors", "current", "changed_by", "changed_at"))
PARTS: Final = frozenset(("pointer", "code", "limits", "detail"))
GUARDS: Final = (
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-Id",
)


def read_problem(status: int, headers: Mapping[str, str], body: bytes) -> Any:
    """Return the problem document that an answer must be, or fail."""
    assert headers["Content-Type"] == PROBLEM, (status, body[:200])
    problem = orjson.loads(body)
    assert MEMBERS <= set(problem) <= MEMBERS | EXTRA_MEMBERS
    assert all(problem[name] for name in MEMBERS)
    assert problem["status"] == status
    assert problem["code"] in PROBLEM_TEXTS
    assert problem["type"] == f"/problems/{problem['code']}"
    for fault in problem.get("errors", ()):
        assert PARTS == set(fault) and fault["code"] in CODE_TEXTS
    assert problem["request_id"] == headers["X-Request-Id"]
    return problem


def check_guards(headers: Mapping[str, str]) -> None:
    """Fail unless the security headers are there and no version is."""
    missing = [name for name in GUARDS if name not in headers]
    assert (missing, headers["Server"]) == ([], "prilavok")
