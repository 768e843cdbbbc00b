"""Requests at random, made of what the served OpenAPI document says and of worse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias, final
from urllib.parse import quote

Operation: TypeAlias = tuple[str, str, Mapping[str, Any]]
ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    2**63,
    1.5,
    "",
    "a",
    "x" * 300,
    "\u202e\u0000",
    r"%_\'",
    '";--',
    "\U0001f41f" * 20,
    [],
    {},
    [None],
)
TEXTS: Final = ("Ann", "ann", "User", "ann@example.com", "2026-11-20", "1", "-login")
# Of ten things that many are as the document wants them; the rest is odd.
RIGHT: Final = 8


@final
@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: Any


@final
class Generator:
    """Makes calls; ids that were seen in answers come back in later ones."""

    def __init__(self, document: Mapping[str, Any], seed: int) -> None:
        """Read the operations of the document."""
        self._document = document
        self._random = Random(seed)
        self._operations = tuple(self._read())
        self._ids = ["00000000-0000-7000-8000-000000000000"]

    def call(self) -> Call:
        """Make one call."""
        path, method, operation = self._random.choice(self._operations)
        query = "&".join(self._query(operation))
        kinds = operation.get("requestBody", {}).get("content", {})
        json = kinds.get("application/json")
        body = None if json is None else self._made(json["schema"])
        filled = "/".join(map(self._part, path.split("/")))
        return Call(method.upper(), f"{filled}?{query}" if query else filled, body)

    def remember(self, answer: Any) -> None:
        """Keep an id of an answer, some of those seen last."""
        found = answer.get("id") if isinstance(answer, dict) else None
        if isinstance(found, str):
            self._ids = [*self._ids[-50:], found]

    def _read(self) -> Iterator[Operation]:
        for path, methods in self._document["paths"].items():
            shared = methods.get("parameters", [])
            for method, operation in methods.items():
                if method in {"get", "post", "put", "patch", "delete"}:
                    own = operation.get("parameters", [])
                    yield path, method, {**operation, "parameters": [*shared, *own]}

    def _part(self, part: str) -> str:
        if not part.startswith("{"):
            return part
        if self._random.randrange(10) < RIGHT:
            return self._random.choice(self._ids)
        return quote(str(self._random.choice(ODD)), safe="") or "1"

    def _query(self, operation: Mapping[str, Any]) -> Iterator[str]:
        for listed in operation["parameters"]:
            parameter = self._resolved(listed)
            if parameter["in"] == "query" and self._random.randrange(10) < 3:
                given = quote(str(self._made(parameter.get("schema", {}))), safe="")
                yield f"{parameter['name']}={given}"

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            schema = found
        return schema

    def _made(self, schema: Mapping[str, Any]) -> Any:
        if self._random.randrange(10) >= RIGHT:
            return self._random.choice(ODD)
        schema = self._resolved(schema)
        choices = schema.get("enum")
        if choices:
            return self._random.choice(choices)
        kinds = schema.get("type", "string")
        kind = kinds if isinstance(kinds, str) else self._random.choice(kinds)
        return self._of_kind(kind, schema)

    def _of_kind(self, kind: str, schema: Mapping[str, Any]) -> Any:
        if kind == "object":
            return dict(self._members(schema))
        if kind == "array":
            inner = schema.get("items", {})
            return [self._made(inner) for _ in range(self._random.randrange(3))]
        plain: Mapping[str, Sequence[Any]] = {
            "integer": (1, 2, 50),
            "number": (0.5, 2),
            "boolean": (True, False),
            "null": (None,),
        }
        return self._random.choice(plain.get(kind, (*TEXTS, *self._ids[-3:])))

    def _members(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            if name in required or self._random.randrange(2):
                yield name, self._made(inner)
