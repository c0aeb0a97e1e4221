"""The strategy laid out: statement, cycles, objectives with key results, people, channels; each line can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.dates import show_day
from tracker.services.strategy_questions import Open
from tracker.services.strategy_versions import Version
from tracker.storage.rows import Header, KeyResultRow
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs, bar
from tracker.tui.widgets.header.lines import figures, mark, money, objective_line
from tracker.tui.widgets.painted import Line
from tracker.tui.widgets.text_view import Row, facts, headed

Record = Mapping[str, object]
STATEMENT = (
    ("goal", "title"), ("who", "who"), ("why", "why"), ("action", "desired_action"), ("approach", "approach"),
    ("channels", "channels"), ("owner", "owner"), ("question", "meta_question"), ("perception", "perception"),
    ("differentiator", "differentiator"), ("strengths", "strengths"), ("gap", "gap"), ("now", "now_state"),
    ("then", "want_state"), ("obstacles", "obstacles"), ("horizon", "horizon"), ("budget", "budget"),
    ("reviewed", "reviewed"),
)  # fmt: skip
VERSIONS_SHOWN = 5
ALWAYS = frozenset({"goal", "who", "why", "action", "approach", "channels", "owner"})
"""Fields that are shown even while they are empty."""


DRAFT = (" draft: a accepts", "warn")


@dataclass(frozen=True)
class Records:
    """What the strategy's screen shows."""

    header: Header | None
    strategy: Record
    cycles: tuple[Record, ...]
    objectives: tuple[Record, ...]
    """Of the running cycle."""
    key_results: tuple[Record, ...]
    """Of these objectives."""
    people: tuple[Record, ...]
    channels: tuple[Record, ...]
    questions: tuple[Record, ...]
    today: date
    left_open: tuple[Open, ...] = ()
    """Questions without an objective, empty fields, fields that read like tactics."""
    versions: tuple[Version, ...] = ()
    """Of the strategy, oldest first."""


def key_of(table: str, identity: object) -> str:
    """What the cursor calls a record."""
    return f"{table}/{identity}"


def strategy_rows(records: Records, width: int, glyphs: Glyphs = FINE) -> list[Row]:
    """Everything, from the statement down to the channels."""
    return [
        *_statement(records, width),
        *_questions(records, width),
        *_cycles(records),
        *_objectives(records, width, glyphs),
        *_people(records, width),
        *_channels(records, width),
        *_versions(records, width),
    ]


def _statement(records: Records, width: int) -> list[Row]:
    strategy = records.strategy
    more = f"{strategy['id']}, {strategy['status']}, version {strategy['version']}"
    values = {**strategy, **_derived(records)}
    pairs = [(label, _text(values.get(name))) for label, name in STATEMENT]
    shown = [pair for pair in pairs if pair[1] or pair[0] in ALWAYS]
    keys = [key_of("strategy", strategy["id"])] * len(shown)
    empty = [label for label, value in pairs if not value and label not in ALWAYS]
    rows = [*headed("STATEMENT", more), *facts(shown, width, label_width=16, keys=keys)]
    if empty:
        rows.append(Row(((fit(f" not answered yet: {', '.join(empty)}", width), "faint"),), keys[0]))
    for each in records.left_open:
        if each.kind == "tactic":
            words = f" ! {each.subject} {each.words}"
            rows.append(Row(((fit(words, width), "warn"),), keys[0]))
    return rows


def _questions(records: Records, width: int) -> list[Row]:
    """The narrower questions, each with the objectives of the running cycle that answer it."""
    rows = headed("QUESTIONS", "that objectives answer; w asks another")
    waiting = {each.subject for each in records.left_open if each.kind == "micro question"}
    for question in records.questions:
        answers = [_text(row["id"]) for row in records.objectives if row["micro_question"] == question["id"]]
        tail = f"answered by {', '.join(answers)}" if answers else "answered elsewhere"
        is_open = question["id"] in waiting
        tail = "no objective answers it" if is_open else tail
        line = (
            (f" {fit(_text(question['id']), 6)} ", "muted"),
            (f"{fit(_text(question['question']), max(20, width - 48))} ", "text"),
            (fit(_text(question["stage"]), 14), "faint"), (f" {tail}", "warn" if is_open else "muted"),
        )  # fmt: skip
        rows.append(Row(line, key_of("micro_question", question["id"])))
    return rows if records.questions else [*rows, Row(((" none yet", "faint"),))]


def _versions(records: Records, width: int) -> list[Row]:
    if len(records.versions) < 2:
        return []
    rows = headed("VERSIONS", "tracker strategy diff tells what each said")
    for version in reversed(records.versions[-VERSIONS_SHOWN:]):
        on = _day(version.at[:10], records.today) if version.at else "-"
        changed = ", ".join(name.replace("_", " ") for name in version.changed) or "the first that is known"
        line = (
            (f" {version.number:>3}  ", "text"), (fit(on, 8), "muted"), (fit(_text(version.by), 10), "accent"),
            (fit(changed, max(10, width - 26)), "text"),
        )  # fmt: skip
        rows.append(Row(line))
    return rows


def _derived(records: Records) -> dict[str, str]:
    strategy, today = records.strategy, records.today
    budget = strategy.get("budget_minor")
    return {
        "channels": ", ".join(records.header.strategy.channels) if records.header else "",
        "horizon": f"{_day(strategy.get('horizon_start'), today)} to {_day(strategy.get('horizon_end'), today)}",
        "budget": f"{money(int(str(budget)))} {strategy.get('currency') or ''}".strip() if budget is not None else "",
        "reviewed": _reviewed(strategy, today),
    }


def _reviewed(strategy: Record, today: date) -> str:
    on = strategy.get("reviewed_on")
    every = f"every {strategy['review_every_days']} days"
    return f"{_day(on, today)}, {every}" if on else f"never, {every}"


def _cycles(records: Records) -> list[Row]:
    rows = headed("CYCLES")
    for cycle in records.cycles:
        days = f"{_day(cycle['starts_on'], records.today)} to {_day(cycle['ends_on'], records.today)}"
        running = cycle["status"] in ("active", "grading")
        line = (
            (f" {fit(_text(cycle['name']), 24)} ", "title" if running else "text"), (f"{fit(days, 24)} ", "muted"),
            (_text(cycle["status"]), "accent" if running else "faint"),
        )  # fmt: skip
        rows.append(Row(line, key_of("cycle", cycle["id"])))
    return rows


def _objectives(records: Records, width: int, glyphs: Glyphs) -> list[Row]:
    drawn = {row.id: row for row in records.header.key_results} if records.header else {}
    objectives = (
        {row.id: (place, row) for place, row in enumerate(records.header.objectives, 1)} if records.header else {}
    )
    rows = headed("OBJECTIVES AND KEY RESULTS", "of the running cycle")
    for objective in records.objectives:
        key = key_of("objective", objective["id"])
        rows.append(Row())
        tail: Line = ((f" {_text(objective['owner'])}, weight {_text(objective['weight'])}", "muted"),)
        found = objectives.get(_text(objective["id"]))
        if objective["status"] == "draft":
            tail = (*tail, DRAFT)
        if found:
            rows.append(Row((*objective_line(found[0], found[1], min(width - 24, 72), glyphs), *tail), key))
        else:
            words = f" {_text(objective['id'])} {_text(objective['title'])}"
            rows.append(Row(((words, "faint"), (f" {_text(objective['status'])}", "faint")), key))
        rows += [
            _key_result(row, drawn.get(_text(row["id"])), width, glyphs)
            for row in records.key_results
            if row["objective"] == objective["id"]
        ]
    return rows


def _key_result(row: Record, drawn: KeyResultRow | None, width: int, glyphs: Glyphs) -> Row:
    key = key_of("key_result", row["id"])
    if drawn is None:
        words = f"    {_text(row['id'])} {_text(row['title'])}: {_text(row['status'])}"
        return Row(((fit(words, width), "faint"),), key)
    sign, role = mark(drawn.health)
    said = f" {drawn.owner}, weight {_text(row['weight'])}" if width >= 100 else f" {drawn.owner}"
    if drawn.confidence is not None:
        said += f", confidence {drawn.confidence}" if width >= 100 else f" {drawn.confidence}"
    title_width = max(16, min(40, width - 70))
    drawn_was = "" if drawn.target_was is None else f", target was {drawn.target_was:f}"
    line: Line = (
        (f"   {drawn.position}", "text"), (sign, role), (f" {fit(drawn.title, title_width)} ", "text"),
        (f"{fit(figures(drawn, glyphs), 10, right=True)} {fit(drawn.unit, 14)} ", "text"),
        *bar(drawn.score, drawn.expected, 12, role, glyphs),
        (clean(said), "muted"), (drawn_was, "warn"), *((DRAFT,) if drawn.status == "draft" else ()),
    )  # fmt: skip
    return Row(line, key)


def _people(records: Records, width: int) -> list[Row]:
    rows = headed("PEOPLE")
    for person in records.people:
        hours = f"{person['capacity_h_week']} h a week" if person["capacity_h_week"] is not None else ""
        away = "" if person["active"] else "  not active"
        line = (
            (f" {fit(_text(person['id']), 12)} ", "accent"), (f"{fit(_text(person['name']), 24)} ", "text"),
            (f"{fit(_text(person['role']), 12)} {fit(hours, 12)} ", "muted"),
            (f"{clean(_text(person['title']))}{away}", "faint"),
        )  # fmt: skip
        rows.append(Row(line, key_of("person", person["id"])))
    return rows


def _channels(records: Records, width: int) -> list[Row]:
    used: Sequence[str] = records.header.strategy.channels if records.header else ()
    rows = headed("CHANNELS")
    for channel in records.channels:
        is_used = channel["id"] in used
        line = (
            (f" {fit(_text(channel['id']), 18)} ", "text" if is_used else "faint"),
            (f"{fit(_text(channel['name']), 30)} ", "text" if is_used else "faint"),
            (f"{fit(_text(channel['kind']), 8)} ", "muted"), ("" if is_used else "not in this strategy", "faint"),
        )  # fmt: skip
        rows.append(Row(line, key_of("channel", channel["id"])))
    return rows


def _text(value: object) -> str:
    return "" if value is None else clean(str(value)[:20_000]) if "\n" not in str(value) else str(value)


def _day(value: object, today: date) -> str:
    return show_day(date.fromisoformat(str(value)), today) if value else "-"
