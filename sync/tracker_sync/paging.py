"""Pages that end: a page token that comes twice, or pages without end, are an error and no endless loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tracker.domain.remote import RequestRefused

MOST_PAGES = 100_000
_SHORT = "the list was not read to its end; run it again later"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and the token of the next page; None ends it."""

    items: Sequence[T]
    following: str | None


def pages(read: Callable[[str | None], Page[T]], service: str, *, most: int = MOST_PAGES) -> Iterator[T]:
    """Every item of every page; `read` is given the token of the page, None for the first.

    Raises:
        RequestRefused: a token repeats, or there are too many pages.
    """
    seen: set[str] = set()
    token: str | None = None
    for _ in range(most):
        page = read(token)
        yield from page.items
        token = page.following
        if token is None:
            return
        if token in seen:
            raise RequestRefused(f"{service} gave the same page twice; {_SHORT}.")
        seen.add(token)
    raise RequestRefused(f"{service} gave more than {most:,} pages; {_SHORT}.")
