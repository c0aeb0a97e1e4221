"""Strategy first: the first run's answers, and every one of them changed later."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tracker.domain.errors import NotFound, OutOfReach, Refused, WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.services.acceptance import first_status, require_open_cycle, require_state
from tracker.services.outcome import Outcome
from tracker.services.records import change, checked_record, make
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows
from tracker.storage.columns import COLUMNS
from tracker.storage.writes import Row, Transaction


@dataclass(frozen=True, slots=True)
class FirstStrategy:
    """The answers of the first run. Only the questions without a default have to be answered."""

    goal: str
    """The strategy's title: what the whole is for."""
    who: str
    why: str
    action: str
    """What we want them to do."""
    channels: Sequence[str]
    """Names; each gets an id made of it."""
    owner: str
    """A name, or the id of somebody who is known."""
    objective: str
    key_result: str
    target: str
    baseline: str = "0"
    unit: str = "count"
    approach: str = ""
    """How; without one, the channels say it."""
    direction: str = ""
    """increase or decrease; empty: whichever the target asks for."""
    cycle: str = "month"
    """month, quarter, or two days like 2026-10-01..2026-10-31."""
    metric_kind: str = "number"
    currency: str | None = None


QUESTIONS: Mapping[str, str] = {
    "goal": "What is the goal, in a few words?",
    "who": "Whom do you reach?",
    "why": "Why do they care?",
    "action": "What do you want them to do?",
    "channels": "Through which channels? (commas between)",
    "owner": "Who owns the strategy?",
    "cycle": "First cycle: month, quarter, or two days (2026-10-01..2026-10-31)",
    "objective": "First objective, in words, without a number",
    "key_result": "First key result: what do you count?",
    "unit": "Counted in",
    "baseline": "Where does it stand now?",
    "target": "Where shall it stand in the end?",
}
"""The answers that the first run asks for, in order, with the question."""


def strategy_first(ws: Workspace, first: FirstStrategy) -> Outcome:
    """Write the answers as one change: people, channels, an active strategy and cycle, an objective, a key result.

    Raises:
        WrongUsage: an answer is missing or cannot be read.
        Refused: there is an active strategy already.
    """
    _require_answers(first)
    starts, ends = cycle_days(first.cycle, ws.clock.today)
    with ws.writing(f"begin with strategy {clean_line(first.goal)}"[:200]) as tx:
        if (active := strategy_rows.active_strategy(tx.connection)) is not None:
            raise Refused(f"There is an active strategy already, {active['id']} {active['title']}; change it with "
                          f"`tracker strategy edit {active['id']}`, or retire it first.")
        owner = _person(tx, first.owner)
        strategy = _draft_strategy(tx, first, owner, starts, ends)
        _set_channels(tx, str(strategy["id"]), first.channels)
        tx.update("strategy", tx.require("strategy", strategy["id"]), {"status": "active"})
        cycle = insert_cycle(tx, str(strategy["id"]), starts, ends)
        made = _objective_with_key_result(tx, first, owner, str(strategy["id"]), cycle)
    return Outcome(tx.batch, f"{strategy['id']} is active", (str(strategy["id"]), *made))


def _require_answers(first: FirstStrategy) -> None:
    for name in ("goal", "who", "why", "action", "owner", "objective", "key_result", "target"):
        if not clean_line(str(getattr(first, name) or "")):
            raise WrongUsage(f"{name.replace('_', ' ')} is not answered: {QUESTIONS[name]}")
    if not any(clean_line(name) for name in first.channels):
        raise WrongUsage(f"channels is not answered: {QUESTIONS['channels']}")


def _draft_strategy(tx: Transaction, first: FirstStrategy, owner: str, starts: date, ends: date) -> Row:
    return make(tx, "strategy", {
        "id": strategy_rows.next_id(tx.connection, "strategy", "S-", 2), "title": first.goal, "owner": owner,
        "who": first.who, "why": first.why, "desired_action": first.action,
        "approach": first.approach.strip() or "By way of " + ", ".join(first.channels),
        "horizon_start": starts, "horizon_end": ends, "reviewed_on": tx.on_date,
    })


def _objective_with_key_result(
    tx: Transaction, first: FirstStrategy, owner: str, strategy: str, cycle: Row
) -> tuple[str, str]:
    objective = make(tx, "objective", {
        "id": strategy_rows.next_id(tx.connection, "objective", "O-", 2), "strategy": strategy, "cycle": cycle["id"],
        "title": first.objective, "owner": owner, "status": "active",
    })
    key_result = make(tx, "key_result", {
        "id": strategy_rows.next_id(tx.connection, "key_result", "KR-", 2), "objective": objective["id"],
        "title": first.key_result, "unit": first.unit or "count", "metric_kind": first.metric_kind,
        "currency": first.currency, "direction": first.direction or _direction(first), "baseline": first.baseline,
        "target": first.target, "precision": _precision(first.baseline, first.target), "owner": owner,
        # it begins today, not with the cycle: nobody could have checked it in before
        "starts_on": min(max(str(cycle["starts_on"]), tx.on_date), str(cycle["ends_on"])),
        "due_on": cycle["ends_on"], "status": "active",
    })
    return str(objective["id"]), str(key_result["id"])


def _direction(first: FirstStrategy) -> str:
    try:
        falls = float(first.target.replace(",", ".")) < float((first.baseline or "0").replace(",", "."))
    except ValueError:
        return "increase"  # the field itself says what is wrong with the number
    return "decrease" if falls else "increase"


def _precision(*numbers: str) -> int:
    return min(max(len(number.replace(",", ".").partition(".")[2]) for number in numbers), 6)


def cycle_days(words: str, today: date) -> tuple[date, date]:
    """First and last day of the cycle that `month`, `quarter` or `2026-10-01..2026-10-31` names.

    Raises:
        WrongUsage: it is none of these.
    """
    asked = words.strip().lower() or "month"
    if asked == "month":
        return today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
    if asked == "quarter":
        first, last = 3 * ((today.month - 1) // 3) + 1, 3 * ((today.month - 1) // 3) + 3
        return date(today.year, first, 1), date(today.year, last, monthrange(today.year, last)[1])
    begin, _, end = asked.partition("..")
    try:
        starts, ends = date.fromisoformat(begin.strip()), date.fromisoformat(end.strip())
    except ValueError:
        raise WrongUsage(
            f"{words[:40]!r} is no cycle; write month, quarter, or two days like 2026-10-01..2026-10-31."
        ) from None
    if ends < starts:
        raise WrongUsage(f"The cycle ends on {ends}, before it starts on {starts}; swap the days.")
    return starts, ends


def insert_cycle(
    tx: Transaction, strategy: str, starts: date, ends: date, *, name: str | None = None, status: str = "active"
) -> Row:
    """A new cycle; its id and, unless one is given, its name are made of its days."""
    is_one_month = (starts.year, starts.month) == (ends.year, ends.month)
    usual = f"{starts:%B %Y}" if is_one_month else f"{starts.isoformat()} to {ends.isoformat()}"
    base = f"{starts:%Y-%m}"
    identity, copy = base, 2
    while tx.get("cycle", identity) is not None:
        identity, copy = f"{base}-{copy}", copy + 1
    return make(tx, "cycle", {"id": identity, "strategy": strategy, "name": clean_line(name or "") or usual,
                              "starts_on": starts, "ends_on": ends, "status": status})


def slug(name: str) -> str:
    """An id made of a name: lower-case letters, digits and underscores, without accents."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", clean_line(name)).casefold()
        if not unicodedata.combining(letter)
    )
    return re.sub(r"[^\w-]+", "_", plain).strip("_")[:40]


def _person(tx: Transaction, name: str) -> str:
    """The id of whoever has that id or name, in whatever case; of somebody new when nobody has."""
    line = clean_line(name)
    asked = slug(line)
    people = strategy_rows.rows_of(tx.connection, "person", order="id")
    for known in (lambda row: row["id"] == line, lambda row: slug(str(row["id"])) == asked,
                  lambda row: slug(str(row["name"])) == asked):
        if asked and (found := [str(row["id"]) for row in people if known(row)]):
            return found[0]
    taken = {str(row["id"]) for row in people}
    base = slug(line.split()[0]) or "owner"
    identity = next(each for each in (base, asked, *(f"{base}_{n}" for n in range(2, len(taken) + 3)))
                    if each and each not in taken)
    make(tx, "person", {"id": identity, "name": line, "role": "manager"})
    return identity


def _channel(tx: Transaction, name: str) -> str:
    line = clean_line(name)
    identity = slug(line)
    if not identity:
        raise WrongUsage(f"{name!r} cannot name a channel; use letters.")
    if tx.get("channel", identity) is None:
        make(tx, "channel", {"id": identity, "name": line})
    return identity


# every answer can be changed later


def add_person(ws: Workspace, name: str, fields: Mapping[str, object] | None = None) -> Outcome:
    """Add somebody; without an `id` one is made of the first name."""
    given = dict(fields or {})
    identity = slug(str(given.pop("id", None) or (clean_line(name).split() or [""])[0]))
    if not identity:
        raise WrongUsage("A person needs a name.")
    with ws.writing(f"add person {identity}") as tx:
        if tx.get("person", identity) is not None:
            raise Refused(f"There is a person {identity!r} already; give another id with --id.")
        make(tx, "person", {"id": identity, "name": name, **given})
    return Outcome(tx.batch, f"added {identity}", (identity,))


def edit_record(
    ws: Workspace, table: str, key: str, fields: Mapping[str, object], *, seen: Mapping[str, object] | None = None
) -> Outcome:
    """Change fields of a person, channel, strategy, cycle, objective or key result.

    `channels` of a strategy is a list of channel names; the strategy's version goes up with each change of a field.

    Raises:
        NotFound, WrongUsage, Conflict, Refused: as the field's rule says.
    """
    plain = dict(fields)
    if table == "cycle" and "status" in plain:
        raise Refused("A cycle goes on by `tracker cycle activate`, `grade` and `close`; its status is not edited.")
    is_strategy = table == "strategy"
    channels = plain.pop("channels", None) if is_strategy else None
    if is_strategy:
        plain.pop("version", None)  # counted here, so that two people's changes of other fields do not clash over it
    with ws.writing(f"edit {key}") as tx:
        if table in ("objective", "key_result"):
            require_state(tx, table, tx.require(table, key), checked_record(table, plain))
        row = change(tx, table, key, plain, seen)
        if not {"starts_on", "due_on", "objective"}.isdisjoint(plain) and table == "key_result":
            require_inside_its_cycle(tx, row)
        if not {"starts_on", "ends_on"}.isdisjoint(plain) and table == "cycle":
            _require_key_results_inside(tx, row)
        if isinstance(channels, (list, tuple)):
            _set_channels(tx, key, [str(name) for name in channels])
        if is_strategy and tx.batch is not None:
            tx.update(table, row, {"version": int(str(row["version"])) + 1})
    return Outcome(tx.batch, f"changed {key}", (key,))


def require_inside_its_cycle(tx: Transaction, row: Mapping[str, object]) -> None:
    """Hold the days of a key result against its cycle.

    Raises:
        Refused: one lies outside.
    """
    objective = tx.require("objective", row["objective"])
    cycle = tx.require("cycle", objective["cycle"])
    for name in ("starts_on", "due_on"):
        if not str(cycle["starts_on"]) <= str(row[name]) <= str(cycle["ends_on"]):
            raise Refused(f"{name.replace('_', ' ')} {row[name]} lies outside its cycle, "
                          f"{cycle['starts_on']} to {cycle['ends_on']}.")


def _require_key_results_inside(tx: Transaction, cycle: Mapping[str, object]) -> None:
    objectives = [str(row["id"]) for row in strategy_rows.objectives_of(tx.connection, str(cycle["id"]))]
    for row in strategy_rows.key_results_of(tx.connection, objectives):
        if str(row["starts_on"]) < str(cycle["starts_on"]) or str(row["due_on"]) > str(cycle["ends_on"]):
            raise Refused(f"{row['id']} {row['title']} runs from {row['starts_on']} to {row['due_on']}, outside "
                          f"{cycle['starts_on']} to {cycle['ends_on']}; change its days first.")


def _set_channels(tx: Transaction, strategy: str, names: Sequence[str]) -> None:
    wanted = [_channel(tx, name) for name in names if name.strip()]
    now = {str(row["channel"]): row for row in strategy_rows.rows_of(
        tx.connection, "strategy_channel", "strategy = ?", (strategy,))}
    for place, channel in enumerate(dict.fromkeys(wanted)):
        if channel in now:
            tx.update("strategy_channel", now[channel], {"position": place})
        else:
            tx.insert("strategy_channel", {"strategy": strategy, "channel": channel, "position": place})
    for channel, row in now.items():
        if channel not in wanted:
            tx.delete("strategy_channel", row)


def add_strategy(ws: Workspace, fields: Mapping[str, object]) -> Outcome:
    """Add a draft strategy; `channels` is a list of names. Activate it with `activate_strategy`."""
    plain = dict(fields)
    channels = plain.pop("channels", ())
    with ws.writing("add strategy") as tx:
        identity = strategy_rows.next_id(tx.connection, "strategy", "S-", 2)
        tx.relabel(f"add {identity}")
        plain["owner"] = _person(tx, str(plain.get("owner") or ws.actor))
        make(tx, "strategy", {
            "horizon_start": ws.clock.today, "horizon_end": ws.clock.today + timedelta(days=365), **plain,
            "id": identity, "status": "draft",
        })
        if isinstance(channels, (list, tuple)):
            _set_channels(tx, identity, [str(name) for name in channels])
    return Outcome(tx.batch, f"added {identity}, a draft", (identity,))


def activate_strategy(ws: Workspace, key: str) -> Outcome:
    """Make a draft the active strategy, and retire the one that was.

    Raises:
        Refused: it does not say who, why, approach and desired action, or has no channel.
    """
    with ws.writing(f"activate {key}") as tx:
        row = tx.require("strategy", key)
        active = strategy_rows.active_strategy(tx.connection)
        if active is not None and active["id"] != key:
            tx.update("strategy", tx.require("strategy", active["id"]), {"status": "retired"})
        tx.update("strategy", row, {"status": "active"})
    return Outcome(tx.batch, f"{key} is active", (key,))


def retire_strategy(ws: Workspace, key: str) -> Outcome:
    """Retire a strategy; the board then asks for the next one."""
    with ws.writing(f"retire {key}") as tx:
        tx.update("strategy", tx.require("strategy", key), {"status": "retired"})
    return Outcome(tx.batch, f"{key} is retired", (key,))


def _active(tx: Transaction) -> str:
    strategy = strategy_rows.active_strategy(tx.connection)
    if strategy is None:
        raise Refused("There is no active strategy yet. Run `tracker init` (or `tracker`) first.")
    return str(strategy["id"])


def add_objective(ws: Workspace, title: str, fields: Mapping[str, object] | None = None) -> Outcome:
    """Add an objective to the running cycle, owned by whoever acts unless another `owner` is given.

    It is a draft when who acts is neither its owner nor a manager.

    Raises:
        Refused: no cycle is running.
    """
    with ws.writing(f"add objective {clean_line(title)}"[:200]) as tx:
        strategy = _active(tx)
        cycle = strategy_rows.running_cycle(tx.connection, strategy)
        if cycle is None:
            raise Refused("No cycle is running; add one with `tracker cycle add month`.")
        identity = strategy_rows.next_id(tx.connection, "objective", "O-", 2)
        given = {"strategy": strategy, "cycle": cycle["id"], "owner": _acting_owner(tx, ws), **(fields or {})}
        given["status"], notices = first_status(tx, given.get("status"), given["owner"])
        require_open_cycle(tx.require("cycle", given["cycle"]))
        make(tx, "objective", {**given, "id": identity, "title": title})
    return Outcome(tx.batch, f"added {identity}", (identity,), notices)


def add_key_result(ws: Workspace, objective: str, title: str, fields: Mapping[str, object]) -> Outcome:
    """Add a key result to an objective; its dates are the cycle's unless given, and lie inside it.

    Raises:
        NotFound: the objective is not known.
        Refused: a rule between its numbers is broken.
    """
    with ws.writing(f"add key result {clean_line(title)}"[:200]) as tx:
        cycle = tx.require("cycle", tx.require("objective", objective)["cycle"])
        identity = strategy_rows.next_id(tx.connection, "key_result", "KR-", 2)
        given = {name: value for name, value in fields.items() if value not in (None, "")}
        require_open_cycle(cycle)
        given = {"owner": _acting_owner(tx, ws), **given}
        status, notices = first_status(tx, given.get("status"), given["owner"])
        values = checked_record("key_result", {
            "starts_on": cycle["starts_on"], "due_on": cycle["ends_on"], "unit": "count", **_baseline_of(given),
            **given, "status": status, "id": identity, "objective": objective, "title": title,
        })
        require_inside_its_cycle(tx, values)
        make(tx, "key_result", values)
    return Outcome(tx.batch, f"added {identity}", (identity,), notices)


def _baseline_of(given: Mapping[str, object]) -> dict[str, object]:
    return {} if str(given.get("direction", "")).startswith("maintain") else {"baseline": "0"}


def _acting_owner(tx: Transaction, ws: Workspace) -> str:
    if tx.get("person", ws.actor) is not None:
        return ws.actor
    strategy = strategy_rows.active_strategy(tx.connection)
    if strategy is None:
        raise NotFound(f"{ws.actor!r} is nobody here; say who owns it with --owner.")
    return str(strategy["owner"])


_ORDER = {"strategy_channel": "strategy, position"}


def records(ws: Workspace, table: str, condition: Mapping[str, object] | None = None) -> list[Row]:
    """Every record of a small table by column name, those that have the given values, in order of their ids."""
    wanted = dict(condition or {})
    sql = " AND ".join(f'"{name}" = ?' for name in wanted) or "1"
    key = COLUMNS[table].key
    in_key_order = ", ".join(f'"{name}"' for name in key)  # quoted: one of them is called `on`
    order = "length(id), id" if key == ("id",) else _ORDER.get(table, in_key_order)
    with ws.store.reading() as connection:
        return strategy_rows.rows_of(connection, table, sql, wanted.values(), order)


def draft(ws: Workspace) -> dict[str, str]:
    """The first run's answers so far, as they were kept; empty when there are none."""
    import json

    try:
        kept = json.loads(_draft_file(ws).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


def keep_draft(ws: Workspace, answers: Mapping[str, str]) -> None:
    """Keep unfinished answers beside the database, private to the user; no answers remove the file.

    Raises:
        OutOfReach: the folder cannot be written to.
    """
    import json
    import os

    file = _draft_file(ws)
    begun = file.with_name(file.name + ".new")
    try:
        if not answers:
            file.unlink(missing_ok=True)
            return
        begun.unlink(missing_ok=True)
        # put in place whole: what was kept before is lost neither to a crash nor to a full disk
        descriptor = os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(dict(answers), out)
        os.replace(begun, file)
    except OSError as error:
        raise OutOfReach(f"The answers cannot be kept in {file}: {error.strerror or error}.") from error


def _draft_file(ws: Workspace) -> Path:
    return ws.store.path.with_name(ws.store.path.name + ".draft.json")
