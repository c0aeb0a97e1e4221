"""Check-ins: a dated value, confidence and note for a key result. A corrected one is kept beside the new one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from sqlite3 import Connection

from tracker.domain import check_ins as rules
from tracker.domain.check_ins import Terms
from tracker.domain.dates import show_day
from tracker.domain.errors import Conflict, Disagreement, NotFound, Refused, WrongUsage
from tracker.domain.plaintext import TEXT_LIMIT, clean_line, clean_text
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage import check_in_rows as rows
from tracker.storage.check_in_rows import TargetChange
from tracker.storage.columns import to_database
from tracker.storage.writes import Row, Transaction

SAID = ("value", "confidence", "note", "blocks", "health_override", "override_reason")
"""The fields of a check-in that somebody says."""


@dataclass(frozen=True, slots=True)
class NewCheckIn:
    """What somebody says about a key result; None leaves what the day's check-in already says."""

    key_result: str
    value: str | None = None
    """As typed; a milestone key result needs none, its ticks are counted."""
    confidence: str | None = None
    note: str | None = None
    blocks: str | None = None
    on: date | None = None
    """None is today."""
    health: str | None = None
    """What the health is, whatever the figures say, until the next check-in; `none` goes by the figures."""
    reason: str | None = None
    """Why the health is not what the figures say."""
    tick: Sequence[str] = ()
    """Milestones that are reached, by number or words of their title."""
    untick: Sequence[str] = ()
    ticked: Collection[int] | None = None
    """All positions that are reached, in place of `tick` and `untick`."""


def check_in(ws: Workspace, new: NewCheckIn, *, seen: Mapping[str, object] | None = None) -> Outcome:
    """Check a key result in, late ones and those of a past day too; on a day that has one, it is corrected.

    What a corrected one said is kept. `seen` is what the day's check-in said when the user began, empty when there
    was none: a field that somebody else said otherwise meanwhile is a conflict.

    Raises:
        NotFound: the key result or a milestone is not known, or whoever acts is nobody here.
        Refused: the day, the state or the value is against the rules, or the note or a reason is missing.
        WrongUsage: value, confidence or health cannot be read.
        Conflict: somebody else checked in on the same day.
    """
    today = ws.clock.today
    day = new.on or today
    with ws.writing(f"check in {new.key_result}") as tx:
        terms = _require_terms(tx, new.key_result, day, today)
        before = tx.get("check_in", new.key_result, day.isoformat())
        _require_author(tx, ws.actor)
        _require_unseen(before, seen, new, day)
        tx.relabel(f"check in {terms.key_result} {terms.title} of {show_day(day, today)}"[:200])
        said = _said(new, before, ws.actor)
        said["value"] = _value(tx, terms, new, before, day)
        if before is None:
            tx.insert("check_in", {"key_result": new.key_result, "on_date": day, **said})
        elif _differs(before, said):
            tx.check_seen("check_in", before, {name: to_database(said[name]) for name in _given(new)}, seen)
            _supersede(tx, before, said, ws.actor)
        later = _later(tx, new.key_result, day)
    done = f"checked in {terms.title}, {show_day(day, today)}" if before is None else f"corrected {terms.title}"
    return Outcome(tx.batch, done, (new.key_result,), _notices(before, tx.batch, later, day, today))


def _require_terms(tx: Transaction, key_result: str, day: date, today: date) -> Terms:
    terms = rows.terms_of(tx.connection, key_result)
    if terms is None:
        raise NotFound(f"There is no key result {key_result[:40]!r}. `tracker kr list` shows what there is.")
    fault = rules.state_fault(terms) or rules.day_fault(terms, day, today)
    if fault is not None:
        raise Refused(f"{fault[0].upper()}{fault[1:]}.")
    return terms


def _require_author(tx: Transaction, actor: str) -> None:
    if tx.get("person", actor) is None:
        raise NotFound(f"A check-in needs an author, and {actor!r} is nobody here; say who acts with --as PERSON.")


def _require_unseen(before: Row | None, seen: Mapping[str, object] | None, new: NewCheckIn, day: date) -> None:
    """Refuse to write over a check-in that somebody made while the user was typing theirs."""
    if seen is None or seen or before is None:
        return
    ours = {"value": new.value, "confidence": new.confidence, "note": new.note}
    raise Conflict(
        f"{before['author']} checked {new.key_result} in for {day} meanwhile: {before['value']}, confidence "
        f"{before['confidence']}, {before['note']}. Nothing was changed; look at it and decide.",
        [Disagreement("check_in", f"{new.key_result}/{day}", name, None, given, before[name])
         for name, given in ours.items() if given is not None],
    )


def _given(new: NewCheckIn) -> list[str]:
    """The fields that are said now, and not only kept."""
    is_ticked = bool(new.tick or new.untick or new.ticked is not None)
    said = (new.value is not None or is_ticked, new.confidence is not None, new.note is not None,
            new.blocks is not None, new.health is not None, new.reason is not None)
    return [name for name, is_given in zip(SAID, said, strict=True) if is_given]


def _said(new: NewCheckIn, before: Row | None, actor: str) -> Row:
    kept: Mapping[str, object] = before or {}
    note = clean_text(new.note, TEXT_LIMIT) if new.note is not None else str(kept.get("note") or "")
    if not note.strip():
        raise Refused("A check-in needs a note: say in a few words what happened.")
    if new.confidence is None and not kept:
        raise WrongUsage("A check-in needs a confidence from 0 to 10: how sure are you that the target is reached?")
    blocks = clean_text(new.blocks, TEXT_LIMIT) or None if new.blocks is not None else kept.get("blocks")
    health, reason = _override(new, kept)
    return {
        "confidence": kept["confidence"] if new.confidence is None else rules.read_confidence(new.confidence),
        "author": actor, "note": note, "blocks": blocks, "health_override": health, "override_reason": reason,
    }


def _override(new: NewCheckIn, kept: Mapping[str, object]) -> tuple[object, object]:
    health = kept.get("health_override") if new.health is None else rules.read_health(new.health)
    reason = clean_line(new.reason) if new.reason is not None else kept.get("override_reason")
    if health is None:
        if new.reason is not None and reason:
            raise WrongUsage("A reason goes with a health that is not what the figures say: give the health too.")
        return None, None
    if not reason:
        raise Refused(f"To say {health} whatever the figures say needs a reason.")
    return health, reason


def _value(tx: Transaction, terms: Terms, new: NewCheckIn, before: Row | None, day: date) -> Decimal:
    if terms.metric_kind == "milestone":
        return _count(tx, terms, new, before, day)
    if new.tick or new.untick or new.ticked is not None:
        raise Refused(f"{terms.title} has no milestones to tick; it is measured in {terms.unit}: give its value.")
    if new.value is not None and new.value.strip():
        return rules.read_value(terms, new.value)
    if before is None:
        raise WrongUsage(f"A check-in needs a value: how many {terms.unit} is it now?")
    return Decimal(str(before["value"]))


def _count(tx: Transaction, terms: Terms, new: NewCheckIn, before: Row | None, day: date) -> Decimal:
    """The number of milestones that are ticked on the day, after those that are ticked now."""
    known = milestones_of(tx.connection, terms.key_result)
    given = rules.read_value(terms, new.value) if new.value is not None and new.value.strip() else None
    if not known:
        return _count_of_untitled(terms, new, given, before)
    ticked = {row.position for row in known if row.done_on is not None and row.done_on <= day}
    wanted = _wanted(known, ticked, new)
    if given is not None and given != len(wanted):
        raise Refused(
            f"The value {given:f} is not the {len(wanted)} of {len(known)} milestones that are ticked; say which are "
            f"reached: {'; '.join(f'{place} {row.title}' for place, row in enumerate(known, 1))}."
        )
    fault = rules.value_fault(terms, Decimal(len(wanted)))
    if fault is not None:
        raise Refused(f"The value {fault}.")
    _tick(tx, terms.key_result, known, wanted, day)
    return Decimal(len(wanted))


def _count_of_untitled(terms: Terms, new: NewCheckIn, given: Decimal | None, before: Row | None) -> Decimal:
    if new.tick or new.untick or new.ticked:
        raise Refused(f"{terms.title} has no milestones yet; name them first with: tracker milestone add "
                      f"{terms.key_result} TITLE")
    if given is None and before is None:
        raise WrongUsage(f"A check-in needs a value: how many {terms.unit} are reached?")
    return Decimal(str(before["value"])) if given is None and before is not None else given or Decimal(0)


def milestones_of(connection: Connection, key_result: str) -> tuple[rows.MilestoneRow, ...]:
    """The milestones of a key result with the days they were ticked, also where only the check-ins tell."""
    known = rows.milestones(connection, key_result)
    told = rules.ticked_days(
        [(row.position, row.done_on) for row in known],
        [(row.on_date, row.value) for row in rows.check_ins(connection, key_result)],
    )
    return tuple(row._replace(done_on=told.get(row.position)) for row in known)


def _wanted(known: Sequence[rows.MilestoneRow], ticked: set[int], new: NewCheckIn) -> set[int]:
    if new.ticked is not None:
        return {row.position for row in known if row.position in new.ticked}
    on = {find_milestone(known, words).position for words in new.tick}
    off = {find_milestone(known, words).position for words in new.untick}
    if on & off:
        raise WrongUsage("A milestone is ticked or not, and one was named for both.")
    return (ticked | on) - off


def find_milestone(known: Sequence[rows.MilestoneRow], words: str) -> rows.MilestoneRow:
    """The milestone that a number, counted from 1, or words of its title name.

    Raises:
        NotFound: none or several; the message lists them.
    """
    asked = words.strip()
    if asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) <= len(known):
        return known[int(asked) - 1]
    wanted = asked.casefold()
    exact = [row for row in known if row.title.casefold() == wanted]
    found = exact or [row for row in known if wanted and wanted in row.title.casefold()]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{place} {row.title}" for place, row in enumerate(known, 1)) or "none yet"
    raise NotFound(f"{asked[:60]!r} names {'several milestones' if found else 'no milestone'}. There are: {listed}.")


def _tick(
    tx: Transaction, key_result: str, known: Sequence[rows.MilestoneRow], wanted: Collection[int], day: date
) -> None:
    if set(wanted) == {row.position for row in known if row.done_on is not None and row.done_on <= day}:
        return
    for row in known:
        was = row.done_on is not None and row.done_on <= day
        done = row.done_on
        if row.position in wanted and not was:
            done = day
        elif row.position not in wanted and was:
            done = None
        # written also where only the check-ins told it: from now on the day is kept
        tx.update("milestone", tx.require("milestone", key_result, row.position), {"done_on": done})


def _differs(before: Row, said: Row) -> bool:
    same_value = Decimal(str(before["value"])) == said["value"]
    return not same_value or any(before[name] != said[name] for name in SAID if name != "value")


def _supersede(tx: Transaction, before: Row, said: Row, actor: str) -> None:
    day = str(before["on_date"])
    tx.insert("superseded_check_in", {
        **{name: before[name] for name in ("key_result", "on_date", "author", *SAID)},
        "seq": rows.corrections(tx.connection, str(before["key_result"]), day) + 1,
        "replaced_on": tx.on_date, "replaced_by": actor,
    })
    tx.update("check_in", before, {**said, "supersedes": day})


def _later(tx: Transaction, key_result: str, day: date) -> date | None:
    later = [row.on_date for row in rows.check_ins(tx.connection, key_result) if row.on_date > day]
    return later[-1] if later else None


def _notices(
    before: Row | None, batch: int | None, later: date | None, day: date, today: date
) -> tuple[str, ...]:
    found = []
    if before is not None and batch is not None:
        found.append(f"it replaces the check-in of {show_day(day, today)}, which the history keeps")
    if later is not None:
        found.append(f"the figures go by the later check-in of {show_day(later, today)}")
    return tuple(found)


def first_day(ws: Workspace, key_result: str) -> date:
    """The first day of the key result's cycle, from which a day without a year is looked for; today without one."""
    with ws.store.reading() as connection:
        terms = rows.terms_of(connection, key_result)
    return terms.starts_on if terms is not None else ws.clock.today


# target changes


def target_changes(ws: Workspace, key_result: str) -> tuple[TargetChange, ...]:
    """(day, old, new) of each change of the target while the key result was active, oldest first.

    Several changes of a day count as one; one that was taken back on the same day is none.
    """
    with ws.store.reading() as connection:
        return target_changes_of(connection, key_result)


def target_changes_of(connection: Connection, key_result: str) -> tuple[TargetChange, ...]:
    """The same on a connection."""
    while_active = _while_active(rows.changes_of(connection, key_result), _status(connection, key_result))
    found = []
    for day, of_day in groupby(while_active, key=lambda change: change.day):
        changes = list(of_day)
        if changes[0].old != changes[-1].new:
            found.append(TargetChange(day, changes[0].old, changes[-1].new))
    return tuple(found)


def _status(connection: Connection, key_result: str) -> str:
    terms = rows.terms_of(connection, key_result)
    return terms.status if terms is not None else ""


def _while_active(
    changes: Sequence[tuple[str, str, str | None, str | None]], status_now: str
) -> Iterable[TargetChange]:
    first = next((old for _, field, old, _ in changes if field == "status"), None)
    status = str(json.loads(first)) if first is not None else status_now
    for at, field, old, new in changes:
        if field == "status":
            status = str(json.loads(new or "null"))
        elif status == "active" and old is not None and new is not None:
            day = datetime.fromisoformat(at).astimezone().date()
            yield TargetChange(day, Decimal(str(json.loads(old))), Decimal(str(json.loads(new))))
