"""One cell of a table as a value of a task's field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from tracker.domain.dates import parse_day
from tracker.domain.errors import WrongUsage
from tracker.services.transfer.csv_words import NO, PRIORITY_OF_WORD, STATUS_OF_WORD, YES, plain


class CellError(Exception):
    """A cell that does not say what its column should."""


class DayOrder(Enum):
    """What `3/4/2026` means, as far as the other cells of the table tell."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    MIXED = "mixed"


_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[ T].*)?")
_ISO_WITH_TIME = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T].*)?")
_HAS_YEAR = re.compile(r"[0-9]{4}")


def day_order(known: DayOrder, cell: str) -> DayOrder:
    """What is known about slashed days once one more cell was seen."""
    found = _SLASHED.fullmatch(cell.strip())
    if found is None:
        return known
    first, second = int(found[1]), int(found[2])
    if first <= 12 and second <= 12:
        return known
    seen = DayOrder.DAY_FIRST if first > 12 else DayOrder.MONTH_FIRST
    return seen if known in (DayOrder.UNKNOWN, seen) else DayOrder.MIXED


@dataclass(frozen=True, slots=True)
class Known:
    """What a table's words may refer to."""

    order: DayOrder
    stages: tuple[str, ...]
    media: tuple[str, ...]
    people: Mapping[str, str | None]
    """Id by folded id, e-mail or name; None when several people go by it."""
    channels: Mapping[str, str | None]
    today: date


Reader = Callable[[str, Known], object]


def read_cell(field: str, cell: str, known: Known) -> object:
    """The value of a field that is not empty in the table.

    Raises:
        CellError: the cell does not say it.
    """
    return _READERS.get(field, _text)(cell, known)


def _text(cell: str, known: Known) -> object:
    return cell


def _day(cell: str, known: Known) -> object:
    text = cell.strip()
    try:
        if found := _ISO_WITH_TIME.fullmatch(text):
            return date(*map(int, found.groups())).isoformat()
        if found := _SLASHED.fullmatch(text):
            return _slashed(int(found[1]), int(found[2]), int(found[3]), known.order).isoformat()
        if _HAS_YEAR.search(text):  # without a year it would be a guess
            return parse_day(text, known.today).isoformat()
    except (ValueError, WrongUsage):
        pass
    raise CellError(f"{_short(cell)} is not a real day; write it as 2026-10-21")


def _slashed(first: int, second: int, year: int, order: DayOrder) -> date:
    if first <= 12 and second <= 12 and first != second and order in (DayOrder.UNKNOWN, DayOrder.MIXED):
        raise CellError(
            f"'{first}/{second}/{year}' may be {date(year, second, first)} or {date(year, first, second)}; "
            "write it as 2026-10-21"
        )
    day_first = first > 12 or (second <= 12 and order is DayOrder.DAY_FIRST)
    return date(year, second, first) if day_first else date(year, first, second)


def _status(cell: str, known: Known) -> object:
    found = STATUS_OF_WORD.get(plain(cell)) or STATUS_OF_WORD.get(cell.strip().casefold())
    if found is None:
        raise CellError(
            f"{_short(cell)} is no status; write backlog, to do, assigned, doing, review, done or cancelled"
        )
    return found


def _priority(cell: str, known: Known) -> object:
    found = PRIORITY_OF_WORD.get(plain(cell)) or PRIORITY_OF_WORD.get(cell.strip())
    if found is None:
        raise CellError(f"{_short(cell)} is no priority; write low, normal or high")
    return found


def _person(cell: str, known: Known) -> object:
    return _look_up(cell, known.people, "person", "add them first (tracker person add) or correct the name")


def _channel(cell: str, known: Known) -> object:
    return _look_up(cell, known.channels, "channel", "add it first or correct the name")


def _look_up(cell: str, index: Mapping[str, str | None], what: str, advice: str) -> object:
    wanted = folded(cell.strip().lstrip("@#"))
    if wanted in index:
        found = index[wanted]
        if found is None:
            raise CellError(f"{_short(cell)} may be more than one {what}; write the id")
        return found
    raise CellError(f"{_short(cell)} is no {what} here; {advice}")


def _one_of(field: str) -> Reader:
    def read(cell: str, known: Known) -> object:
        words: Iterable[str] = known.stages if field == "stage" else known.media
        for word in words:
            if folded(word) == folded(cell.strip()):
                return word
        raise CellError(f"{_short(cell)} is no {field} here; it is one of {', '.join(words)}")

    return read


_HOURS = re.compile(
    r"(?P<low>[0-9]{1,6}(?:[.,][0-9]{1,4})?)(?: ?(?:-|–|to|\.\.) ?(?P<high>[0-9]{1,6}(?:[.,][0-9]{1,4})?))?"
    r" ?(?P<unit>h|hrs?|hours?|m|mins?|minutes?)?\.?",
    re.IGNORECASE,
)


def hours(cell: str) -> tuple[Decimal, Decimal]:
    """Low and high estimate in hours: `3`, `2-4h`, `1,5 h`, `90 min`.

    Raises:
        CellError: it is no number of hours.
    """
    found = _HOURS.fullmatch(cell.strip())
    if found is None:
        raise CellError(f"{_short(cell)} is no estimate in hours; write 3 or 2-4")
    share = 60 if (found["unit"] or "h").lower().startswith("m") else 1
    low = Decimal(found["low"].replace(",", ".")) / share
    high = Decimal((found["high"] or found["low"]).replace(",", ".")) / share
    return round(low, 2), round(high, 2)


def _hours(cell: str, known: Known) -> object:
    return hours(cell)[0]


def _whole(cell: str, known: Known) -> object:
    try:
        return int(cell.strip())
    except ValueError:
        raise CellError(f"{_short(cell)} is no whole number") from None


def _flag(cell: str, known: Known) -> object:
    word = cell.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise CellError(f"{_short(cell)} is neither yes nor no")


def _lower(cell: str, known: Known) -> object:
    return cell.strip().casefold()


def folded(text: str) -> str:
    """How names are compared: without case, accents and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", " ".join(text.split())).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return repr(line if len(line) <= 50 else line[:47] + "...")


DAYS = (
    "created_on", "assigned_on", "started_on", "review_on", "done_on", "due_on", "publish_on", "blocked_on",
    "cancelled_on",
)
_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(("journey_step", "cost_minor", "rank"), _whole),
    **dict.fromkeys(("estimate_low_h", "estimate_high_h"), _hours),
    **dict.fromkeys(("kind", "shows"), _lower),
    "status": _status,
    "priority": _priority,
    "owner": _person,
    "channel": _channel,
    "stage": _one_of("stage"),
    "medium": _one_of("medium"),
    "added_mid_cycle": _flag,
}
