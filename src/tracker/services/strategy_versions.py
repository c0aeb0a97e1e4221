"""The versions of a strategy, made again from the record of changes, and what two of them say differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from sqlite3 import Connection

from tracker.domain.errors import NotFound, WrongUsage
from tracker.services.workspace import Workspace
from tracker.storage import strategy_history, strategy_rows
from tracker.storage.strategy_history import FieldChange
from tracker.storage.writes import WHOLE_ROW

_UNSAID = frozenset({"version", "id"})
"""Fields that are no part of what a strategy says."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a strategy said at one time."""

    number: int
    at: str
    """Instant of the change that made it, "" for the first that is known."""
    by: str
    said: Mapping[str, object]
    """By field; `channels` is the list of them."""
    changed: tuple[str, ...] = ()
    """The fields that differ from the version before."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions say differently."""

    field: str
    old: object
    new: object


def versions(ws: Workspace, strategy: str | None = None) -> tuple[Version, ...]:
    """Every version of a strategy, the active one when none is named, oldest first.

    Raises:
        NotFound: there is no such strategy.
    """
    with ws.store.snapshot() as connection:
        row = _strategy(connection, strategy)
        key = str(row["id"])
        used = [str(each["channel"]) for each in strategy_rows.rows_of(
            connection, "strategy_channel", "strategy = ?", (key,), "position, channel")]
        changes = strategy_history.changes_of_strategy(connection, key)
    return _made_again({**row, "channels": used}, changes)


def diff(ws: Workspace, old: str = "", new: str = "", strategy: str | None = None) -> tuple[Difference, ...]:
    """What two versions say differently: the last two, or `old` and the newest, or `old` and `new`, by number.

    Raises:
        NotFound: there is no such version.
        WrongUsage: it is no number.
    """
    known = {version.number: version for version in versions(ws, strategy)}
    numbers = sorted(known)
    if not old and len(numbers) < 2:
        return ()
    first = _of_number(known, old) if old else known[numbers[-2]]
    second = _of_number(known, new) if new else known[numbers[-1]]
    return differences(first, second)


def differences(old: Version, new: Version) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the table."""
    return tuple(
        Difference(name, old.said.get(name), value) for name, value in new.said.items()
        if name not in _UNSAID and _said(old.said.get(name)) != _said(value)
    )


def _said(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value


def _of_number(known: Mapping[int, Version], text: str) -> Version:
    plain = text.strip().lower().removeprefix("v")
    if not plain.isascii() or not plain.isdigit():
        raise WrongUsage(f"{text[:20]!r} is no version; write its number, like 2.")
    found = known.get(int(plain[:9]))
    if found is None:
        raise NotFound(f"There is no version {plain[:9]}; known are {', '.join(map(str, sorted(known)))}.")
    return found


def _strategy(connection: Connection, strategy: str | None) -> dict[str, object]:
    if strategy is None:
        row = strategy_rows.active_strategy(connection)
        if row is None:
            raise NotFound("There is no active strategy; name one, like S-01.")
        return row
    found = strategy_rows.rows_of(connection, "strategy", "id = ?", (strategy,))
    if not found:
        raise NotFound(f"There is no strategy {strategy[:40]!r}.")
    return found[0]


def _made_again(now: Mapping[str, object], changes: list[FieldChange]) -> tuple[Version, ...]:
    """Back from what it says now to the first that is known, then forward, keeping what each version said."""
    state = dict(now)
    for change in reversed(changes):
        _apply(state, change, back=True)
    made: dict[int, Version] = {}
    _keep(made, state, "", "")
    for _, run in groupby(changes, key=lambda each: each.batch):
        batch = list(run)
        for change in batch:
            _apply(state, change, back=False)
        if any(change.entity == "strategy" and change.field in ("version", WHOLE_ROW) for change in batch):
            _keep(made, state, batch[0].at, batch[0].by)
    found = [made[number] for number in sorted(made)]
    return tuple(
        Version(each.number, each.at, each.by, each.said,
                tuple(row.field for row in differences(found[place - 1], each)) if place else ())
        for place, each in enumerate(found)
    )


def _keep(made: dict[int, Version], state: Mapping[str, object], at: str, by: str) -> None:
    number = int(str(state.get("version") or 1))
    for later in [each for each in made if each > number]:
        del made[later]  # it was undone
    channels = state.get("channels")
    said = {**state, "channels": list(channels) if isinstance(channels, list) else []}
    made[number] = Version(number, at, by, said)


def _apply(state: dict[str, object], change: FieldChange, *, back: bool) -> None:
    if change.entity == "strategy_channel":
        if change.field == WHOLE_ROW:
            _move_channel(state, change, comes=(change.old is None) != back)
    elif change.field != WHOLE_ROW:
        state[change.field] = change.old if back else change.new


def _move_channel(state: dict[str, object], change: FieldChange, *, comes: bool) -> None:
    channel = change.id.partition("/")[2]
    found = state.get("channels")
    now = [str(each) for each in found] if isinstance(found, list) else []
    state["channels"] = [*(each for each in now if each != channel), *([channel] if comes else [])]
