"""Holds answers to Stripe's OpenAPI description: nothing that it does not know, nothing missing, every value of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TYPES = {"string": str, "boolean": bool, "object": dict, "array": list}


@dataclass(frozen=True)
class Description:
    """The description, read."""

    document: dict[str, Any]

    @property
    def version(self) -> str:
        """Of which version of the API it is."""
        return str(self.document["info"]["version"])

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """The operation that an address belongs to; the one without a placeholder where two would do."""
        for template in sorted(self.document["paths"], key=lambda template: template.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                found = self.document["paths"][template].get(method.lower())
                if found is not None:
                    return dict(found)
        return None

    def problems_of_answer(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with the answer to one request."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"Stripe has no {method} {path}"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        return list(self.problems(body, schema, path))

    def problems_of(self, body: Any, name: str) -> list[str]:
        """What is wrong with an object of a kind."""
        return list(self.problems(body, {"$ref": f"#/components/schemas/{name}"}, name))

    def problems(self, value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
        """What is wrong with a value."""
        if "$ref" in schema:
            yield from self.problems(
                value, self.document["components"]["schemas"][schema["$ref"].split("/")[-1]], place
            )
        elif value is None:
            if not schema.get("nullable"):
                yield f"{place} is null, which it never is"
        elif "anyOf" in schema:
            yield from self._problems_of_any(value, schema["anyOf"], place)
        elif schema.get("type") == "object":
            yield from self._problems_of_object(value, schema, place)
        elif schema.get("type") == "array":
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from self.problems(item, schema["items"], f"{place}[{index}]")
            else:
                yield f"{place} is {value!r}, no list"
        else:
            yield from _problems_of_scalar(value, schema, place)

    def _problems_of_any(self, value: Any, choices: list[dict[str, Any]], place: str) -> Iterator[str]:
        tries = [list(self.problems(value, choice, place)) for choice in choices]
        # With none that fits, the nearest one says most.
        yield from min(tries, key=len)

    def _problems_of_object(self, value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place} is {value!r}, no object"
            return
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name in set(schema.get("required", [])) - set(value):
            yield f"{place}.{name} is missing"
        for name, below in value.items():
            if name in known:
                yield from self.problems(below, known[name], f"{place}.{name}")
            elif isinstance(others, dict):
                yield from self.problems(below, others, f"{place}.{name}")
            elif known and not others:
                yield f"{place}.{name} is nothing of Stripe's"


def _problems_of_scalar(value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
    kind = schema.get("type")
    if kind == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool)
    elif kind == "number":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = kind is None or isinstance(value, TYPES[kind])
    if not fits:
        yield f"{place} is {value!r}, no {kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {value!r}, none of {', '.join(map(str, schema['enum'][:12]))}"
    elif kind == "string" and len(value) > schema.get("maxLength", 5000):
        yield f"{place} has {len(value)} characters, more than {schema['maxLength']}"
