"""What a person has to settle: conflicts side by side, and people or statuses without a counterpart."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.domain.tasks import Status
from tracker.services.sync import FieldConflict, SyncConnection, TaskConflict
from tracker.services.sync.settling import in_words
from tracker.storage.rows import PersonRow
from tracker.tui.cells import clean, fit
from tracker.tui.widgets.detail.lines import SYNC_WORDS
from tracker.tui.widgets.painted import Piece
from tracker.tui.widgets.sync.connections import STATE_ROLES, sign_of
from tracker.tui.widgets.text_view import Row, headed, wrapped

MATCH_PEOPLE = "Give them the e-mail they use there (tracker person edit ID --email ADDRESS), then: " \
    "tracker sync set {} people=match"
MATCH_STATUSES = "Say what each is called there: tracker sync set {} status.review=NAME"
LABEL = 13
MOST_LINES = 6
"""Of one value; the task has all of it."""
SHOWN = 200
"""Tasks to settle that are listed; the others follow when these are settled."""
NEEDED = (Status.ASSIGNED, Status.DOING, Status.REVIEW, Status.DONE)


def settle_rows(
    kept: SyncConnection, conflicts: Sequence[TaskConflict], people: Sequence[PersonRow], width: int, *,
    has_run: bool, plain: bool = False,
) -> list[Row]:  # fmt: skip
    """Tasks to settle, then whom and what the remote does not know."""
    count = f"{len(conflicts):,}" if conflicts else ""
    rows = headed("TO SETTLE", count)
    if not conflicts:
        said = "Nothing: both sides agree." if has_run else \
            "Nothing yet. p shows what a first run would do, r does it; both leave the keys to you meanwhile."
        rows += wrapped(said, width, indent=3, role="good" if has_run else "muted")
    for each in conflicts[:SHOWN]:
        rows += _task(each, width, plain=plain)
    if len(conflicts) > SHOWN:
        rows += [Row(), *wrapped(f"and {len(conflicts) - SHOWN:,} more", width, indent=3, role="muted")]
    return [*rows, *_unmatched(kept, people, width)]


def _task(each: TaskConflict, width: int, *, plain: bool) -> list[Row]:
    role = STATE_ROLES.get(each.state, "warn")
    state = SYNC_WORDS.get(each.state, each.state)
    title = fit(each.title, max(8, width - 15 - len(state) - 3))
    rows = [Row(), Row(((f" {sign_of(each.state, plain=plain)} ", role), (fit(each.task, 9), "key"), (title, "title"),
                        (f"  {state}", role)), each.task)]  # fmt: skip
    if words := _words(each):
        rows += wrapped(words, width, indent=3, role="muted")
    if each.state == "gone":
        said = "o makes it anew there with the next run; t cancels it here."
        return [*rows, *wrapped(said, width, indent=3, role="muted")]
    if not each.fields:
        said = "What stands there is not known here yet; the next run looks."
        return [*rows, *wrapped(said, width, indent=3, role="muted")]
    column = _column(width)
    rows.append(Row((
        (f"   {'':{LABEL}}", "faint"), (fit("last agreed", column) + "  ", "faint"),
        (fit("here (o)", column) + "  ", "faint"), (fit("there (t)", column), "faint"),
    )))  # fmt: skip
    for field in each.fields:
        rows += _field(each.task, field, width)
    return rows


def _words(each: TaskConflict) -> str:
    """Why, without what the table says and what is done in a terminal."""
    said = each.words.split("; ")
    return "; ".join(part for part in said if not (each.fields and part.startswith(("both changed ", "settle it:"))))


def _column(width: int) -> int:
    return max(8, (width - 3 - LABEL - 5) // 3)


def _field(task: str, field: FieldConflict, width: int) -> list[Row]:
    column = _column(width)
    sides = [_cell(text, column) for text in (field.base, field.ours, field.theirs)]
    height = max(len(side) for side in sides)
    key = f"{task}/{field.field}"
    rows = []
    for at in range(height):
        pieces: list[Piece] = [(f"   {fit(in_words(field.field) if at == 0 else '', LABEL)}", "muted")]
        for side, role in zip(sides, ("muted", "text", "accent"), strict=True):
            pieces.append((fit(side[at] if at < len(side) else "", column), role))
            pieces.append(("  ", role))
        rows.append(Row(tuple(pieces[:-1]), key))
    return rows


def _cell(text: str, width: int) -> list[str]:
    """A value in lines of a column; an empty one is a dash."""
    lines = ["".join(piece for piece, _ in row.line) for row in wrapped(text, width + 1, indent=0)] or ["-"]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "..."]


def _unmatched(kept: SyncConnection, people: Sequence[PersonRow], width: int) -> list[Row]:
    rows: list[Row] = []
    without = [each for each in people if each.active and each.id not in kept.settings.people]
    if without:
        named = ", ".join(f"{clean(each.name)} ({each.id})" if each.name != each.id else each.id for each in without)
        rows += headed("PEOPLE WITHOUT A COUNTERPART THERE", f"{len(without)}")
        rows += wrapped(named, width, indent=3, role="warn")
        rows += wrapped("Their tasks go there without an owner. " + MATCH_PEOPLE.format(kept.id), width, indent=3,
                        role="muted")  # fmt: skip
    missing = [each.value for each in NEEDED if each not in kept.settings.statuses]
    if missing:
        rows += headed("STATUSES WITHOUT A COUNTERPART THERE", f"{len(missing)}")
        rows += wrapped(", ".join(missing), width, indent=3, role="warn")
        rows += wrapped("Such tasks keep the status they have there. " + MATCH_STATUSES.format(kept.id), width,
                        indent=3, role="muted")  # fmt: skip
    return rows


