"""Reading a request's parameters: Stripe's bracket syntax, and types that say what is wrong in Stripe's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .errors import StripeError

Params = dict[str, Any]
PART = re.compile(r"\[([^\]]*)\]")


def decode(text: str) -> Params:
    """`a[b][0][c]=1` as nested dictionaries and lists; every value is text."""
    tree: Params = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=20_000):
        first, _, rest = name.partition("[")
        path = [first, *(PART.findall(f"[{rest}") if rest else [])]
        _place(tree, path, value)
    return {name: _lists(value) for name, value in tree.items()}


def _place(tree: Params, path: list[str], value: str) -> None:
    for part in path[:-1]:
        key = part or str(len(tree))
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise StripeError(f"Invalid parameters: {path[0]} is given as one value and as several.", param=path[0])
        tree = below
    tree[path[-1] or str(len(tree))] = value


def _lists(value: Any) -> Any:
    """Dictionaries whose names are numbers are lists."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(below) for name, below in value.items()}


@dataclass(frozen=True)
class Text:
    """Any text, or one of some words. With `can_unset`, empty stands for nothing."""

    words: tuple[str, ...] = ()
    longest: int = 5000
    can_unset: bool = False
    is_url: bool = False

    def read(self, given: Any, name: str) -> Any:
        """The value. Raises StripeError."""
        if not isinstance(given, str):
            raise StripeError(f"Invalid string: {given}", param=name)
        if given == "":
            if self.can_unset:
                return None
            raise StripeError(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
                f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value.",
                code="parameter_invalid_empty", param=name,
            )  # fmt: skip
        if self.words and given not in self.words:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(self.words)}", param=name)
        if len(given) > self.longest:
            raise StripeError(
                f"Invalid string: {given[:8]}…; must be at most {self.longest} characters",
                code="parameter_invalid_string_too_long", param=name,
            )  # fmt: skip
        if self.is_url and not re.match(r"https?://[^\s/]+", given):
            raise StripeError("Not a valid URL", code="url_invalid", param=name)
        return given


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int | None = None

    def read(self, given: Any, name: str) -> int:
        """The value. Raises StripeError."""
        if not isinstance(given, str) or not re.fullmatch(r"-?\d{1,18}", given):
            raise StripeError(f"Invalid integer: {given}", code="parameter_invalid_integer", param=name)
        number = int(given)
        if number < self.least:
            raise StripeError(
                f"This value must be greater than or equal to {self.least}.",
                code="parameter_invalid_integer",
                param=name,
            )
        if self.most is not None and number > self.most:
            raise StripeError(
                f"This value must be less than or equal to {self.most}.", code="parameter_invalid_integer", param=name
            )
        return number


@dataclass(frozen=True)
class YesNo:
    """true or false."""

    def read(self, given: Any, name: str) -> bool:
        """The value. Raises StripeError."""
        if given not in {"true", "false"}:
            raise StripeError(f"Invalid boolean: {given}", param=name)
        return bool(given == "true")


@dataclass(frozen=True)
class Metadata:
    """The caller's own names and values; '' instead takes all of them away."""

    def read(self, given: Any, name: str) -> dict[str, str]:
        """The value; a name with an empty value is to be taken away. Raises StripeError."""
        if given == "":
            return {"": ""}
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise StripeError(f"Invalid hash: {name} takes names and texts", param=name)
        if len(given) > 50:
            raise StripeError(f"Metadata can have up to 50 keys; there are {len(given)}.", param=name)
        for key, value in given.items():
            if len(key) > 40:
                raise StripeError(f"Metadata keys can have up to 40 characters; {key[:20]}… has more.", param=name)
            if len(value) > 500:
                raise StripeError(
                    f"Metadata values can have up to 500 characters, but you passed in a value that is {len(value)} "
                    f"characters: {key}", param=f"{name}[{key}]",
                )  # fmt: skip
        return given


@dataclass(frozen=True)
class Several:
    """A list."""

    of: Any
    most: int = 100

    def read(self, given: Any, name: str) -> list[Any]:
        """The values. Raises StripeError."""
        if given == "":
            return []
        if not isinstance(given, list):
            raise StripeError(f"Invalid array: {name}", param=name)
        if len(given) > self.most:
            raise StripeError(f"Array {name} exceeds maximum {self.most} elements.", param=name)
        return [self.of.read(value, f"{name}[{index}]") for index, value in enumerate(given)]


@dataclass(frozen=True)
class Group:
    """Named parameters below one name."""

    members: Mapping[str, Any]
    needed: frozenset[str] = field(default_factory=frozenset)
    can_unset: bool = False

    def read(self, given: Any, name: str = "") -> Any:
        """The values that are given. Raises StripeError."""
        if given == "" and self.can_unset:
            return None
        if not isinstance(given, dict):
            raise StripeError(f"Invalid object: {name}", param=name)
        for key in given:
            if key not in self.members:
                full = f"{name}[{key}]" if name else key
                raise StripeError(
                    f"Received unknown parameter: {full}. (This sandbox knows here: {', '.join(sorted(self.members))}.)",
                    code="parameter_unknown", param=full,
                )  # fmt: skip
        for key in sorted(self.needed - set(given)):
            full = f"{name}[{key}]" if name else key
            raise StripeError(f"Missing required param: {full}.", code="parameter_missing", param=full)
        return {key: self.members[key].read(value, f"{name}[{key}]" if name else key) for key, value in given.items()}


def group(needed: str = "", /, **members: Any) -> Group:
    """Named parameters, of which those in `needed` (split by spaces) must be given."""
    return Group(members, frozenset(needed.split()))


def merged_metadata(old: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """Metadata after a change: names are added or replaced, and taken away by an empty value."""
    if given == {"": ""}:
        return {}
    return {name: value for name, value in {**old, **given}.items() if value != ""}


RANGE = group(gt=Whole(), gte=Whole(), lt=Whole(), lte=Whole())


@dataclass(frozen=True)
class Moment:
    """A time, or a range of times, for lists."""

    def read(self, given: Any, name: str) -> dict[str, int]:
        """Bounds by gt, gte, lt, lte. Raises StripeError."""
        if isinstance(given, dict):
            return dict(RANGE.read(given, name))
        exact = Whole().read(given, name)
        return {"gte": exact, "lte": exact}


EXPAND = Several(Text())
ADDRESS = group(
    **{part: Text(can_unset=True) for part in ("city", "country", "line1", "line2", "postal_code", "state")}
)
SHIPPING = group(
    "address name", address=ADDRESS, name=Text(), phone=Text(can_unset=True), carrier=Text(), tracking_number=Text()
)
