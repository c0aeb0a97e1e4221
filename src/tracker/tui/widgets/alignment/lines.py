"""Findings as lines, and what is behind the one under the cursor: pure functions to pieces of text with roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tracker.domain.audit import GROUP_OF, TITLES, Finding, Group, Rule
from tracker.domain.coverage import Weight, what_if
from tracker.domain.metrics import round_half_up
from tracker.domain.tasks import OPEN
from tracker.reports import audit_words as words
from tracker.reports.figures import amount
from tracker.services.audit import About, Audit, Judged, ResultRow
from tracker.storage.rows import Card
from tracker.tui.cells import clean
from tracker.tui.widgets.painted import Line, Piece
from tracker.tui.widgets.text_view import Row, wrapped

CHOICE_MARKS = {"keep": "k", "recalibrate": "r", "kill": "x"}
"""What stands before a finding that somebody decided about."""
CAME_BACK = "*"
HEALTH_ROLES = {"on track": "good", "at risk": "warn", "off track": "bad", "stale": "stale"}
RULE_ROLES: Mapping[Rule, str] = {Rule.OVERDUE: "late", Rule.ACTIVITY_WITHOUT_RESULT: "bad"}
"""Inks of what stands out; the words say the same."""


def title_of(found: Audit, marked: int) -> tuple[Line, Line]:
    """The line above everything: how many findings there are, and how many there were."""
    open_ = found.total - found.decided
    left: list[Piece] = [(" ALIGNMENT", "head"), (f"  {words.count_words(found)}", "warn" if open_ else "good")]
    if marked:
        left.append((f"   {marked} marked", "mark"))
    if found.header.cycle is not None:
        left.append((f"   {clean(found.header.cycle.name)}", "muted"))
    return tuple(left), ((f"{words.trend_words(found)} ", "muted"),)


def finding_rows(found: Audit, width: int) -> list[Row]:
    """Every finding under the heading of its part."""
    rows: list[Row] = []
    for group in Group:
        judged = found.of_group(group)
        if not judged and group is Group.COVERAGE:
            continue
        if rows:
            rows.append(Row())
        rows.append(_heading(found, group))
        rows += [Row(_finding(each), each.finding.id) for each in judged]
        if not judged:
            rows.append(Row((("   none", "good"),)))
        rows += [
            Row(((f"   {words.more_words(rule, count)}", "muted"),))
            for rule, count in found.report.more.items() if GROUP_OF[rule] is group
        ]  # fmt: skip
    left = (found.header.cycle.ends_on - found.today).days if found.header.cycle is not None else 0
    if said := words.forecast_words(found.header.forecast, left):
        rows.append(Row(((f"   {said}", "muted"),)))
    return rows


def _heading(found: Audit, group: Group) -> Row:
    title, about = TITLES[group]
    count = sum(n for rule, n in found.report.counts().items() if GROUP_OF[rule] is group)
    was = words.group_trend_words(found, group)
    return Row(((f" {title}", "head"), (f" {count:,}" if count else "", "warn"), (f" {was}" if was else "", "muted"),
                (f"  {about}", "faint")))  # fmt: skip


def _finding(each: Judged) -> Line:
    finding, decision = each.finding, each.decision
    label, sentence = clean(finding.label), clean(finding.sentence)
    if decision is not None:
        mark = CHOICE_MARKS.get(decision.choice, "k")
        return ((f" {mark} ", "good"), (f"{label}: {sentence}", "faint"))
    lead: Piece = (f" {CAME_BACK} ", "warn") if each.before is not None else ("   ", "text")
    says, colon, rest = sentence.partition(": ")
    role = RULE_ROLES.get(finding.rule, "text")
    return (lead, (label, "title"), (": ", "muted"), (says, role), (colon + rest, "text"))


# -- what is behind one


def about_rows(
    judged: Judged | None, about: About | None, result: ResultRow | None, found: Audit, marked: Sequence[Card],
    width: int,
) -> list[Row]:  # fmt: skip
    """The work behind the finding, how it goes on, what was decided, and what if tasks were cancelled."""
    if judged is None:
        return [Row(((" Nothing found: activity and strategy meet.", "good"),))]
    known = about if about is not None and about.finding == judged.finding.id else None
    return [
        Row(_work(judged.finding, known, found)),
        *_outlook(known, result, width),
        *_standing(judged, found, width),
        *_what_if(known, found, marked, width),
    ]


def _work(finding: Finding, about: About | None, found: Audit) -> Line:
    pieces: list[Piece] = [(f" {clean(finding.label)}", "here"), (f"  {finding.rule.replace('_', ' ')}", "accent")]
    if about is None:
        return tuple(pieces)
    if about.owner:
        pieces.append((f"  {clean(about.owner)}", "text"))
    if about.hours is not None:
        row = next((each for each in found.results if each.figures.id == finding.key_result), None)
        facts = [f"{row.open} open" if row is not None else "open", f"{round_half_up(Decimal(str(about.hours)), 0)} h"]
        if about.cost_minor:
            facts.append(f"{about.cost_minor // 100:,} {clean(about.currency or '')}".strip())
        pieces.append((f"  {', '.join(facts)}", "text"))
    elif about.cards:
        card = about.cards[0]
        facts = [card.status, clean(card.owner or "nobody"), clean(card.title)]
        more = [f"{about.total} tasks"] if about.total > 1 else facts
        pieces.append((f"  {', '.join(more)}", "text"))
    if about.done:
        pieces += [("  done ", "muted"), (" ".join(about.done), "text")]
    return tuple(pieces)


def _outlook(about: About | None, result: ResultRow | None, width: int) -> list[Row]:
    """`Planned 300, holds 70, needs 19 a day and gets 4; more of the same ends at 114 (score 0.4).`"""
    if about is None or result is None:
        return []
    row = result.figures
    if about.ends_at is None or about.gained_a_day is None:
        held = "nothing was checked in yet" if row.value is None else f"holds {amount(row, row.value)}"
        return wrapped(f"{clean(row.title)}: {held}, {row.health}.", width)
    need = "" if about.needed_a_day is None else f", needs {_a_day(about.needed_a_day)} a day"
    score = "" if about.ends_score is None else f" (score {words.score_words(about.ends_score, 1)})"
    said = (
        f"Planned {amount(row, row.target)}, holds {amount(row, row.value)}{need} and gets "
        f"{_a_day(about.gained_a_day)}; goes on to {amount(row, about.ends_at)}{score}."
    )
    return wrapped(said, width, role="text" if row.health == "on track" else "warn")


def _a_day(value: Decimal) -> str:
    """A rate with one digit behind the point where it is small."""
    return f"{round_half_up(value, 0 if abs(value) >= 2 else 1):f}"


def _standing(judged: Judged, found: Audit, width: int) -> list[Row]:
    said = clean(words.standing_words(judged, found))
    if judged.decision is not None:
        return wrapped(f"decided: {said}", width, role="good")
    return wrapped(said, width, role="warn") if said else []


def _what_if(about: About | None, found: Audit, marked: Sequence[Card], width: int) -> list[Row]:
    chosen, of_what = _candidates(about, marked)
    if not chosen:
        return []
    coverage = found.coverage
    lies = what_if(coverage.by_stage, coverage.total, [Weight(card.stage, hours_of(card)) for card in chosen])
    return wrapped(f"what if: {clean(words.what_if_words(lies, of_what))}", width, role="accent")


def _candidates(about: About | None, marked: Sequence[Card]) -> tuple[Sequence[Card], str]:
    """The marked tasks; without any, those of the stage that most of the finding's tasks are in."""
    if marked:
        return marked, f"the {len(marked)} marked"
    cards = [card for card in about.cards if card.status in OPEN] if about is not None else []
    if about is None or not cards or about.total > len(about.cards):
        return (), ""
    if len(cards) == 1:
        return cards, cards[0].id
    stage = Counter(card.stage for card in cards).most_common(1)[0][0]
    some = [card for card in cards if card.stage == stage]
    return some, f"the {len(some)} {stage} tasks here"


def hours_of(card: Card) -> float:
    """The middle of its estimate."""
    bounds = [hours for hours in (card.estimate_low_h, card.estimate_high_h) if hours is not None]
    return sum(bounds) / len(bounds) if bounds else 0.0
