"""The milestones of a key result: their titles, in order. A check-in ticks them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.domain.errors import Conflict, Disagreement, NotFound, Refused
from tracker.domain.plaintext import clean_line
from tracker.services.check_ins import milestones_of
from tracker.services.outcome import Outcome
from tracker.services.workspace import Workspace
from tracker.storage import check_in_rows as rows
from tracker.storage.check_in_rows import MilestoneRow
from tracker.storage.writes import Transaction


def milestones(ws: Workspace, key_result: str) -> tuple[MilestoneRow, ...]:
    """The milestones of a key result in order, each with the day it was ticked."""
    with ws.store.snapshot() as connection:
        return milestones_of(connection, key_result)


def set_milestones(
    ws: Workspace, key_result: str, titles: Sequence[str], *, seen: Sequence[str] | None = None
) -> Outcome:
    """Give a milestone key result these milestones, in this order, as one change.

    A milestone whose title stays keeps its tick wherever it goes; a new title is taken for the new name of one that
    goes, of that in its place first. `seen` are the titles that the user started from.

    Raises:
        NotFound: there is no such key result.
        Refused: it counts something else, a title comes twice, there are more of them than its target, or a ticked
            one would go.
        Conflict: somebody else changed the milestones since `seen`.
    """
    wanted = [line for title in titles if (line := clean_line(title))]
    with ws.writing(f"milestones of {key_result}") as tx:
        notices = _require_fitting(tx, key_result, wanted)
        before = milestones_of(tx.connection, key_result)
        _require_unchanged(key_result, before, wanted, seen)
        if [row.title for row in before] != wanted:
            _write(tx, key_result, before, list(zip(wanted, _days(before, wanted), strict=True)))
    return Outcome(tx.batch, f"{key_result} has {len(wanted)} milestones", (key_result,), notices)


def _require_fitting(tx: Transaction, key_result: str, wanted: Sequence[str]) -> tuple[str, ...]:
    terms = rows.terms_of(tx.connection, key_result)
    if terms is None:
        raise NotFound(f"There is no key result {key_result[:40]!r}. `tracker kr list` shows what there is.")
    if terms.metric_kind != "milestone":
        raise Refused(f"{terms.title} counts {terms.unit} and not milestones; make its metric kind milestone first.")
    if terms.status not in ("draft", "active"):
        raise Refused(f"{terms.title} is {terms.status}; its milestones stay as they are.")
    twice = next((title for place, title in enumerate(wanted) if title in wanted[:place]), None)
    if twice is not None:
        raise Refused(f"{twice!r} is there twice; give each milestone a title of its own.")
    if len(wanted) > terms.target:
        raise Refused(f"{len(wanted)} milestones are more than the target of {terms.title}, {terms.target:f}; "
                      f"raise it first with: tracker kr edit {key_result} --target {len(wanted)}")
    if wanted and len(wanted) < terms.target:
        return (f"{terms.title} counts to {terms.target:f} and has {len(wanted)} milestones so far",)
    return ()


def _require_unchanged(
    key_result: str, before: Sequence[MilestoneRow], wanted: Sequence[str], seen: Sequence[str] | None
) -> None:
    titles = [row.title for row in before]
    if seen is None or titles in (list(seen), list(wanted)):
        return
    base, ours, theirs = (", ".join(each) for each in (seen, wanted, titles))
    raise Conflict(
        f"{key_result}: the milestones were changed by somebody else meanwhile, to {theirs or 'none'}. "
        "Nothing was changed; look at them and decide.",
        [Disagreement("key_result", key_result, "milestones", base, ours, theirs)],
    )


def _days(before: Sequence[MilestoneRow], wanted: Sequence[str]) -> list[date | None]:
    """The day of each wanted milestone: its own, or that of the one it is a new name for.

    Raises:
        Refused: a ticked one would go, and the last check-in would count what is not there.
    """
    days = {row.title: row.done_on for row in before}
    going = [row for row in before if row.title not in wanted]
    coming = [(place, title) for place, title in enumerate(wanted) if title not in days]
    in_place = {title: row for place, title in coming for row in going if row is before[min(place, len(before) - 1)]}
    rest = [row for row in going if row not in in_place.values()]
    for _, title in coming:
        old = in_place.get(title) or (rest.pop(0) if rest else None)
        days[title] = old.done_on if old is not None else None
    lost = next((row for row in rest if row.done_on is not None), None)
    if lost is not None:
        raise Refused(f"{lost.title} is ticked, and check-ins count it; take its tick away with a check-in first.")
    return [days[title] for title in wanted]


def _write(
    tx: Transaction, key_result: str, before: Sequence[MilestoneRow], after: Sequence[tuple[str, date | None]]
) -> None:
    for place, (title, day) in enumerate(after):
        if place < len(before):
            here = tx.require("milestone", key_result, before[place].position)
            # also a day that only the check-ins told, before they would tell it of another milestone
            tx.update("milestone", here, {"title": title, "done_on": day})
        else:
            position = before[-1].position + 1 + place - len(before) if before else place
            tx.insert("milestone", {"key_result": key_result, "position": position, "title": title, "done_on": day})
    for gone in before[len(after) :]:
        tx.delete("milestone", tx.require("milestone", key_result, gone.position))
