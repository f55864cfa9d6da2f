"""The life of an index: built beside the live one, swapped in one call, written with versions.

An index is called `<prefix>-<kind>-<fingerprint>-<time>`. Searches go to the alias `<prefix>-<kind>`, and a build that is
under way has the alias `<prefix>-<kind>-next`. Whoever writes, writes to both: a change during a build is in the old and in
the new index. Elasticsearch keeps what has the greater version, so that order does not matter; a deleted document's version
is remembered for longer than a build takes (mapping.DELETES_KEPT).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import client
from .client import JSON, LINES, Refused, Unavailable
from .mapping import fingerprint

# Hits a page of `scan`; a stock index gives no more at once.
PAGE = 10_000
NEWER_IS_THERE = 409


class Rejected(Exception):  # noqa: N818  (as its neighbours in client.py)
    """Elasticsearch does not take some documents, with the reason that it gives for each, by id."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("; ".join(f"{pk}: {why}" for pk, why in list(reasons.items())[:3]))
        self.reasons = reasons


class Overtaken(Exception):  # noqa: N818
    """Another process began a build, and removed ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document as of a version of it; no document means that it is gone."""

    id: int
    version: int
    document: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Which indices there are: the live one, the one being built, and what failed builds left. Empty where there is none."""

    live: str = ""
    next: str = ""
    others: tuple[str, ...] = ()


class Family:
    """All indices of one kind. `body` is what a new one is made with: settings and mappings."""

    def __init__(self, kind: str, body: dict[str, Any]) -> None:
        self.kind = kind
        self.body = body
        self.alias = client.alias(kind)
        self.next = f"{self.alias}-next"
        self.stem = f"{self.alias}-{fingerprint(body)}-"

    def standing(self) -> Standing:
        """What is there now, in one request."""
        try:
            found = client.perform(client.probing(), "GET", f"/{self.alias}*/_alias?expand_wildcards=all", JSON)
        except Refused:
            return Standing()
        if not isinstance(found, dict) or not all(
            isinstance(held, dict) and "aliases" in held for held in found.values()
        ):
            raise Unavailable("it answers something that is no list of indices")
        pattern = re.compile(rf"{re.escape(self.alias)}-[0-9a-f]{{8}}-\d+")
        ours = {name: held["aliases"] for name, held in found.items() if pattern.fullmatch(name)}
        live = next((name for name, aliases in ours.items() if self.alias in aliases), "")
        being_built = next((name for name, aliases in ours.items() if self.next in aliases), "")
        # An index in the place of the alias: somebody wrote to it while there was none.
        stray = [self.alias] if self.alias in found else []
        others = tuple(sorted({*ours, *stray} - {live, being_built}))
        return Standing(live=live, next=being_built, others=others)

    def is_current(self, name: str) -> bool:
        """Whether this index was made with the settings and mappings of now."""
        return name.startswith(self.stem)

    def begin(self) -> str:
        """Remove what earlier builds left, and make a new index beside the live one. Returns its name."""
        standing = self.standing()
        self._remove([standing.next, *(name for name in standing.others if name != self.alias)])
        name = f"{self.stem}{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        settings = {**self.body["settings"], "refresh_interval": "-1"}
        self._call("PUT", f"/{name}", {**self.body, "settings": settings, "aliases": {self.next: {}}})
        return name

    def finish(self, name: str) -> None:
        """Make this index the live one, in one step, and remove the one before. Raises Overtaken."""
        try:
            interval = self.body["settings"]["refresh_interval"]
            self._call("PUT", f"/{name}/_settings", {"index": {"refresh_interval": interval}})
            self._call("POST", f"/{name}/_refresh")
            standing = self.standing()
            actions: list[dict[str, Any]] = [
                {"remove": {"index": name, "alias": self.next, "must_exist": True}},
                {"add": {"index": name, "alias": self.alias}},
            ]
            if standing.live:
                actions.append({"remove": {"index": standing.live, "alias": self.alias}})
            if self.alias in standing.others:
                actions.append({"remove_index": {"index": self.alias}})
            self._call("POST", "/_aliases", {"actions": actions})
        except Refused as error:
            if self.standing().next != name:
                raise Overtaken(f"{name} is gone: another process builds the index now") from error
            raise
        self._remove([standing.live])

    def abandon(self, name: str) -> None:
        """Remove a build that failed."""
        self._remove([name])

    def write(self, changes: Sequence[Change], *, only_next: bool = False) -> bool:
        """Write changes to the live index and to the one being built, where these are. Returns whether either is.

        What is older than what is there is left out by Elasticsearch. Raises Rejected for documents that are not taken;
        all others are written.
        """
        standing = self.standing()
        took = False
        rejected: dict[int, str] = {}
        for name, alias in ((standing.live, self.alias), (standing.next, self.next)):
            if not name or (only_next and alias != self.next):
                continue
            reasons = self._bulk(alias, changes)
            if reasons is None:
                continue
            took = True
            # An index of other mappings is about to be replaced by one that is built from all rows.
            if self.is_current(name):
                rejected |= reasons
        if rejected:
            raise Rejected(rejected)
        return took

    def _bulk(self, alias: str, changes: Sequence[Change]) -> dict[int, str] | None:
        """The reasons why documents were not taken, by id; None where the alias is gone meanwhile."""
        lines: list[bytes] = []
        for change in changes:
            head = {"_id": str(change.id), "version": change.version, "version_type": "external_gte"}
            if change.document is None:
                lines.append(json.dumps({"delete": head}).encode())
            else:
                lines += [json.dumps({"index": head}).encode(), json.dumps(change.document).encode()]
        if not lines:
            return {}
        body = b"\n".join([*lines, b""])
        # Never into an index that Elasticsearch would make up for a name that it does not know.
        answer = self._call("POST", f"/{alias}/_bulk?require_alias=true&filter_path=errors,items.*.status,items.*.error,items.*._id", body, LINES)  # fmt: skip
        if not answer.get("errors"):
            return {}
        reasons: dict[int, str] = {}
        for item in answer["items"]:
            (found,) = item.values()
            error = found.get("error")
            if not error or found["status"] == NEWER_IS_THERE:
                continue
            if error.get("type") == "index_not_found_exception":
                return None
            if found["status"] == 429 or found["status"] >= 500:
                raise Unavailable(f"{found['status']}: {error}"[:500])
            reasons[int(found["_id"])] = str(error.get("reason", error))[:300]
        return reasons

    def scan(self) -> Iterator[tuple[int, int]]:
        """Id and version of every document of the live index, by id; a page at a time."""
        self._call("POST", f"/{self.alias}/_refresh")
        after: list[Any] | None = None
        while True:
            body = {"size": PAGE, "_source": False, "version": True, "sort": [{"id": "asc"}], "track_total_hits": False}
            if after:
                body["search_after"] = after
            path = f"/{self.alias}/_search?filter_path=hits.hits._id,hits.hits._version,hits.hits.sort"
            hits = self._call("POST", path, body).get("hits", {}).get("hits", [])
            for hit in hits:
                yield int(hit["_id"]), int(hit["_version"])
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]

    def count(self) -> int:
        """How many documents the live index holds; those written in the last second may be missing."""
        return int(self._call("GET", f"/{self.alias}/_count")["count"])

    def _remove(self, names: Sequence[str]) -> None:
        for name in filter(None, names):
            self._call("DELETE", f"/{name}?ignore_unavailable=true")

    def _call(self, method: str, path: str, body: Any = None, headers: Any = JSON) -> dict[str, Any]:
        answer = client.perform(client.writing(), method, path, headers, body)
        if not isinstance(answer, dict):
            raise Unavailable(f"{path} answers something that is no JSON object")
        return answer
