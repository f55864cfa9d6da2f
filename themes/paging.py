"""Which page links a list shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link of the pager; `number` 0 is a gap."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """Where a list stands: page `number` of `last`, counted from 1.

    `path` is the list's address and `query` its encoded parameters without `page`; the first page has no `page` at all,
    so that each page has one address.
    """

    number: int
    last: int
    path: str = ""
    query: str = ""

    def url(self, number: int) -> str:
        """The address of page `number`."""
        parts = [part for part in (self.query, f"page={number}" if number > 1 else "") if part]
        return f"{self.path}?{'&'.join(parts)}" if parts else self.path or "?"

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The first, the last and the neighbours of this page, with gaps between them."""
        near = {number for number in range(self.number - 1, self.number + 2) if 1 <= number <= self.last}
        shown = sorted({1, self.last} | near)
        links: list[PageLink] = []
        before = 0
        for number in shown:
            if number - before == 2:
                links.append(PageLink(number - 1, self.url(number - 1)))
            elif number - before > 2:
                links.append(PageLink(0, ""))
            links.append(PageLink(number, self.url(number), current=number == self.number))
            before = number
        return tuple(links)

    @property
    def previous(self) -> str:
        """The address of the page before, or nothing."""
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or nothing."""
        return self.url(self.number + 1) if self.number < self.last else ""
