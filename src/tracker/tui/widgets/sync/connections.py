"""What stands of connections: which way, where, how many tasks in which state, the last run, the one at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tracker.domain.links import WORST_FIRST
from tracker.services.sync import ConnectionStatus, RunRow, SyncConnection
from tracker.tui.cells import clean, fit
from tracker.tui.glyphs import FINE, Glyphs, bar
from tracker.tui.sync_runs import PLAN, Ending, Job
from tracker.tui.widgets.columns.card import SYNC_PLAIN, SYNC_SIGNS
from tracker.tui.widgets.detail.lines import SYNC_WORDS
from tracker.tui.widgets.footer.widget import PLAIN_SIGNS, SIGNS
from tracker.tui.widgets.history import minute
from tracker.tui.widgets.painted import Line, Piece
from tracker.tui.widgets.text_view import Row, wrapped

STATE_ROLES = {"conflict": "bad", "gone": "warn", "changed_there": "warn", "unmapped_owner": "warn", "synced": "good"}
DIRECTIONS = {"push": "only there", "both": "both ways"}
INSTALL = "pip install 'strategy-tracker[sync]'"
BAR = 24


def sign_of(state: str, *, plain: bool) -> str:
    """The mark that cards of that state carry."""
    sign = SYNC_SIGNS.get(state, "?")
    return SYNC_PLAIN.get(state, sign) if plain else sign


def title_of(names: Sequence[str], to_settle: int) -> Line:
    """What stands in the title line."""
    if not names:
        return ((" SYNC", "head"), ("  no connection yet", "muted"))
    many = "1 connection" if len(names) == 1 else f"{len(names)} connections"
    settle: Piece = (f", {to_settle:,} to settle", "warn") if to_settle else (", nothing to settle", "good")
    return ((" SYNC", "head"), (f"  {many}", "text"), settle)


def no_connection_rows(width: int) -> list[Row]:
    """How a connection is made."""
    said = "Tasks that have an owner can be in another tool as well, once each, and what changes on either side is " \
        "brought to the other one. A connection is made in a terminal, which asks for what it needs:"
    rows = [*_titled("NO CONNECTION YET"), Row(), *wrapped(said, width), Row()]
    for kind, title in (("asana", "Asana"), ("wrike", "Wrike")):
        rows.append(Row(((f"   tracker sync connect {kind}", "key"), (f"   {title}", "muted"))))
    return [
        *rows, Row(),
        *wrapped(f"If that says that something is not installed: {INSTALL}", width, role="muted"),
        *wrapped("Then p shows here what would happen, and r does it.", width, role="muted"),
    ]  # fmt: skip


def connection_rows(
    connections: Sequence[SyncConnection], stands: Mapping[str, ConnectionStatus], chosen: str, width: int, *,
    tall: bool, plain: bool = False,
) -> list[Row]:  # fmt: skip
    """Every connection; of the chosen one how it stands, in a column where there is room (`tall`)."""
    rows: list[Row] = []
    for kept in connections:
        status = stands.get(kept.id)
        is_chosen = kept.id == chosen
        if tall:
            rows.append(Row())
        rows.append(_named(kept, is_chosen, len(connections) > 1, plain=plain, tall=tall))
        if tall:
            rows += wrapped(kept.settings.place_name or kept.settings.place, width, indent=3, role="muted")
        if status is None:
            continue
        if is_chosen:
            rows += _states_below(status, plain=plain) if tall else _states_in_line(status, width, plain=plain)
        elif tall:
            rows.append(Row((("   ", "text"), *_short(status))))
        if is_chosen:
            rows += _past(status, width) if tall else wrapped(
                "; ".join([_last_run(status.last_run), *_owed(status)]), width, indent=3, role="muted")
    return rows


def _named(kept: SyncConnection, is_chosen: bool, is_one_of_many: bool, *, plain: bool, tall: bool) -> Row:
    mark = ">" if plain else "▌"
    lead: Piece = (f" {mark if is_chosen and is_one_of_many else ' '}", "mark")
    called = "" if kept.id == kept.settings.kind else f" ({clean(kept.settings.kind)})"
    where = "" if tall else f"   {clean(kept.settings.place_name or kept.settings.place)}"
    return Row((
        lead, (f" {clean(kept.id)}", "here" if is_chosen else "title"), (called, "muted"),
        (f"   {DIRECTIONS.get(kept.settings.direction, kept.settings.direction)}", "accent"), (where, "muted"),
    ))  # fmt: skip


def _short(status: ConnectionStatus) -> Line:
    linked = sum(status.links.values())
    open_ = status.links.get("conflict", 0) + status.links.get("gone", 0) + status.links.get("changed_there", 0)
    settle: Line = ((f", {open_:,} to settle", "warn"),) if open_ else ()
    return ((f"{linked:,} {_tasks(linked)}", "muted"), *settle)


def _states_below(status: ConnectionStatus, *, plain: bool) -> list[Row]:
    rows = [Row()]
    for state in WORST_FIRST:
        count = status.links.get(state, 0)
        role = STATE_ROLES.get(state, "text") if count else "faint"
        rows.append(Row((
            (f"   {sign_of(state, plain=plain)} ", role), (fit(SYNC_WORDS[state], 21), "text" if count else "faint"),
            (f"{count or '-':>6}" if not count else f"{count:>6,}", role),
        )))  # fmt: skip
    return rows


def _states_in_line(status: ConnectionStatus, width: int, *, plain: bool) -> list[Row]:
    """The states that tasks are in; none is torn apart at the end of a line."""
    lines = [""]
    for state in WORST_FIRST:
        if not status.links.get(state):
            continue
        fact = f"{sign_of(state, plain=plain)} {SYNC_WORDS[state]} {status.links[state]:,}"
        if lines[-1] and len(lines[-1]) + len(fact) + 3 > width - 4:
            lines.append("")
        lines[-1] += f"   {fact}" if lines[-1] else fact
    return [Row(((f"   {line or 'no task is there yet'}", "text"),)) for line in lines]


def _past(status: ConnectionStatus, width: int) -> list[Row]:
    run = status.last_run
    rows = [row for words in _owed(status) for row in wrapped(words, width, indent=3, role="accent")]
    rows = [Row(), *rows] if rows else []
    role = "muted" if run is None or run.outcome == "done" else "warn"
    rows += [Row(), *wrapped(_last_run(run), width, indent=3, role=role)]
    return rows + (wrapped(run.words, width, indent=3, role="faint") if run is not None else [])


def _owed(status: ConnectionStatus) -> list[str]:
    said = []
    if status.waiting:
        waits = f"{status.waiting:,} {_tasks(status.waiting)}"
        said.append(f"{waits} to be sent" if status.last_run is None else f"{waits} changed here since")
    if status.intents:
        said.append(f"{status.intents:,} begun, not known to have ended: the next run looks")
    return said


def _last_run(run: RunRow | None) -> str:
    return "never run yet" if run is None else f"last run {minute(run.began_at)}, {run.outcome or 'not ended'}"


def _tasks(count: int) -> str:
    return "task" if count == 1 else "tasks"


def _titled(title: str) -> list[Row]:
    return [Row(), Row(((f" {title}", "head"),))]


# -- what is at work


def activity_rows(
    job: Job | None, ending: Ending | None, chosen: str, hint: Line, width: int, glyphs: Glyphs = FINE, *,
    plain: bool = False,
) -> list[Row]:  # fmt: skip
    """How far a run is, how the last one ended, or a hint at what can be done."""
    if job is not None:
        return [Row(_progress(job, width, glyphs))]
    if ending is not None:
        sign, role = SIGNS[ending.kind]
        sign = PLAIN_SIGNS.get(ending.kind, sign) if plain else sign
        return _signed(sign, role, f"{chosen}: {ending.words}", width)
    return [Row(hint)]


def _signed(sign: str, role: str, text: str, width: int) -> list[Row]:
    first, *others = wrapped(text, width, indent=3, role="text" if role == "good" else role)
    return [Row(((f" {sign} ", role), *first.line[1:])), *others]


def _progress(job: Job, width: int, glyphs: Glyphs) -> Line:
    what = "planning" if job.what == PLAN else "running"
    doing = "stopping after the task in hand" if job.stopping else clean(job.words)
    line: list[Piece] = [(f" {clean(job.connection)} ", "here"), (f" {what}  ", "accent")]
    if job.total:
        score = Decimal(min(job.done, job.total)) / job.total
        line += [*bar(score, None, BAR if width >= 100 else BAR // 2, "accent", glyphs),
                 (f"  {job.done:,} of {job.total:,}  ", "title")]  # fmt: skip
    elif job.done:
        line.append((f"{job.done:,}  ", "title"))
    stops: Line = () if job.stopping else (("   s", "key"), (" stops", "muted"))
    return (*line, (doing, "muted"), *stops)
