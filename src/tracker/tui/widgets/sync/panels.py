"""What a run would do, and what runs did, task by task."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.services.sync import Action, FieldChange, PlannedTask, RunRow, SyncNote, SyncPlan
from tracker.services.sync.settling import in_words
from tracker.tui.cells import clean, fit, share
from tracker.tui.glyphs import FINE, Glyphs
from tracker.tui.widgets.history import minute
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import Row, headed, wrapped

GROUPS: tuple[tuple[Action, str, str, str], ...] = (
    (Action.FAIL, "CANNOT BE DONE", "the others go on", "bad"),
    (Action.CONFLICT, "TO SETTLE", "here | there; a run leaves it as it is", "bad"),
    (Action.GONE, "GONE THERE", "", "warn"),
    (Action.CHANGED_THERE, "CHANGED THERE, NOT TAKEN", "here | there", "warn"),
    (Action.UNMAPPED_OWNER, "OWNER UNKNOWN THERE", "", "warn"),
    (Action.CREATE, "MADE THERE", "", "good"),
    (Action.ADOPT, "FOUND THERE", "it carries our mark: taken as the counterpart, not made twice", "good"),
    (Action.PUSH, "SENT THERE", "", "good"),
    (Action.PULL, "TAKEN FROM THERE", "", "good"),
    (Action.BOTH, "BOTH WAYS", "", "good"),
    (Action.COMMENT, "MESSAGES", "", "good"),
    (Action.GOAL, "KEY RESULTS", "as goals there", "good"),
    (Action.ARRIVE, "ARRIVE HERE", "tasks of others; they wait with the ideas (I)", "good"),
    (Action.UNLINK, "LET GO", "back in the backlog here; the task there is left as it is", "muted"),
)
"""What needs a person first."""
SHOWN = 200
"""Tasks of a group, and notes of a run, that are listed."""
MADE = (Action.CREATE, Action.ADOPT, Action.ARRIVE)
LABEL = 12
TITLED = ("title", "description")
"""Not told again of a task that is made: the line has its title, and the description comes from the plan here.
Neither is a priority that is normal."""


def plan_rows(plan: SyncPlan | None, to_settle: int, width: int, glyphs: Glyphs = FINE) -> list[Row]:
    """The plan in groups, each field with what stands there before and after; `to_settle` tasks wait for a person."""
    if plan is None:
        said = "None is made yet: p reads both sides and shows what a run would do. Nothing is written by that."
        return [*headed("PLAN"), *wrapped(said, width, indent=3, role="muted")]
    count = len(plan.tasks)
    many = f"{count:,} {'task' if count == 1 else 'tasks'}; nothing is written before r" if count else ""
    rows = headed("PLAN", many)
    for notice in plan.notices:
        rows += wrapped(f"! {notice}", width, indent=1, role="warn")
    if to_settle:
        wait = f"{to_settle:,} {'task waits' if to_settle == 1 else 'tasks wait'} to be settled (c); a run leaves that."
        rows += wrapped(wait, width, indent=1, role="warn")
    if not count and not to_settle:
        rows += wrapped("Nothing to do: both sides hold the same.", width, indent=3, role="good")
    numbered = list(enumerate(plan.tasks))
    for action, title, about, role in GROUPS:
        some = [(at, each) for at, each in numbered if each.action is action]
        if not some:
            continue
        more = f"  {about}" if about else ""
        rows += [Row(), Row(((f" {title}", "head"), (f" {len(some):,}", role), (more, "faint")))]
        for at, each in some[:SHOWN]:
            rows += _planned(each, at, width, glyphs)
        if len(some) > SHOWN:
            rows.append(Row(((f"   and {len(some) - SHOWN:,} more", "muted"),)))
    return rows


def _planned(each: PlannedTask, at: int, width: int, glyphs: Glyphs) -> list[Row]:
    key = f"{each.task or ''}#{at}"
    about = each.task or ("" if each.action is Action.GOAL else "new")
    rows = [Row(((f"   {fit(about, 9)}", "key"), (clean(each.title), "text")), key)]
    if each.words:
        rows += wrapped(each.words, width, indent=12, role="muted")
    if each.action in MADE or _is_new(each):
        said = ", ".join(
            f"{in_words(field.field)} {field.after}"
            for field in each.fields if field.after and field.field not in TITLED and field.after != "normal"
        )
        return [*rows, *wrapped(said, width, indent=12, role="muted")]
    is_open = each.action in (Action.CONFLICT, Action.CHANGED_THERE)
    return [*rows, *(Row(_change(field, width, glyphs, is_open=is_open)) for field in each.fields)]


def _is_new(each: PlannedTask) -> bool:
    """Whether nothing stands there yet, whatever else is to be said of it."""
    return any(field.field == "title" and field.side == "there" and not field.before for field in each.fields)


def _change(field: FieldChange, width: int, glyphs: Glyphs, *, is_open: bool) -> Line:
    """`due day    2026-10-20 → 2026-10-24  there`; where nothing is changed (`is_open`) what stands here and there."""
    before, after = (_value(text) for text in (field.before, field.after))
    left, right = share([len(before), len(after)], max(10, width - 12 - LABEL - 3 - 10))
    middle = " | " if is_open else f" {glyphs.arrow.strip()} "
    side = "" if is_open else f"  {field.side}"
    return (
        (f"{'':12}{fit(in_words(field.field), LABEL)}", "muted"), (fit(before, left), "muted"), (middle, "faint"),
        (fit(after, right), "text"), (side, "accent" if field.side == "here" else "faint"),
    )  # fmt: skip


def _value(text: str) -> str:
    return clean(" ".join(text[:400].split())) or "none"


DID = {
    "create": "made there", "adopt": "found there", "push": "sent", "pull": "taken", "both": "both ways",
    "conflict": "to settle", "changed_there": "changed there", "gone": "gone there", "unmapped_owner": "owner unknown",
    "arrive": "arrived", "unlink": "let go", "comment": "messages", "goal": "key result", "fail": "failed",
}  # fmt: skip


def log_rows(runs: Sequence[RunRow], width: int) -> list[Row]:
    """The newest runs, each with what it did."""
    rows = headed("LOG OF RUNS")
    if not runs:
        rows += wrapped("None yet: r runs.", width, indent=3, role="muted")
    for run in runs:
        rows += _run(run, width)
    return rows


def _run(run: RunRow, width: int) -> list[Row]:
    role = {"done": "good", "stopped": "warn", "failed": "bad"}.get(run.outcome or "", "warn")
    words = run.words or ("" if run.outcome else "cut off, or still at work; the next run goes on from there")
    lead: Line = ((f" {run.number:>4}  ", "faint"), (f"{minute(run.began_at)}  ", "title"),
                  (fit(run.outcome or "open", 9), role))  # fmt: skip
    first, *others = wrapped(words, width, indent=29) or [Row()]
    key = f"#{run.number}"
    rows = [Row(), Row((*lead, *first.line[1:]), key), *(Row(row.line, key) for row in others)]
    for at, note in enumerate(run.notes[:SHOWN]):
        rows += _note(note, f"{note.task or ''}#{run.number}:{at}", width)
    if len(run.notes) > SHOWN:
        rows.append(Row(((f"       and {len(run.notes) - SHOWN:,} more: tracker sync log", "muted"),)))
    return rows


def _note(note: SyncNote, key: str, width: int) -> list[Row]:
    role = {"fail": "bad", "conflict": "bad", "gone": "warn", "changed_there": "warn"}.get(note.action, "muted")
    did = DID.get(note.action, note.action)
    said, _, rest = note.words.partition(":")
    words = rest.strip() if said == did else note.words
    lead: Line = ((f"       {fit(note.task or '-', 9)}", "key"), (fit(did, 15), role))
    first, *others = wrapped(words, width, indent=31) or [Row()]
    return [Row((*lead, *first.line[1:]), key), *(Row(row.line, key) for row in others)]
