"""The audit as text for a terminal, and as one finding a line for other programs."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.domain.audit import GROUP_OF, TITLES, Group
from tracker.reports import audit_words as words
from tracker.reports.ink import Ink, cut, padded, shown
from tracker.services.audit import Audit, Judged

MARKS = {"on track": "+", "at risk": "!", "off track": "x"}


def finding_lines(found: Audit) -> Iterator[str]:
    """One finding a line: what it is called, the decision that stands, and the words; nothing is cut."""
    rows = [(each.finding.id, each.decision.choice if each.decision else "-", each.finding.words)
            for each in found.judged]
    rows += [(str(rule), "-", words.more_words(rule, count)) for rule, count in found.report.more.items()]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(2)]
    for row in rows:
        yield f"{padded(shown(row[0]), widths[0])}  {padded(row[1], widths[1])}  {shown(row[2])}"


def audit_lines(found: Audit, *, width: int, ink: Ink) -> Iterator[str]:
    """The whole audit, as wide as a terminal."""
    header = found.header
    cycle = f", {header.cycle.name}" if header.cycle is not None else ""
    title = shown(f"{header.strategy.id} {header.strategy.title}{cycle}")
    yield cut(f"ALIGNMENT  {title}", width)
    yield cut(f"{words.count_words(found)}   {words.trend_words(found)}", width)
    for group in Group:
        yield from _group(found, group, width, ink)
    left = (header.cycle.ends_on - found.today).days if header.cycle is not None else 0
    if said := words.forecast_words(header.forecast, left):
        yield cut(f"  {said}", width)
    yield ""
    yield from _coverage(found, width, ink)
    yield ""
    yield from _results(found, width, ink)


def _group(found: Audit, group: Group, width: int, ink: Ink) -> Iterator[str]:
    judged = found.of_group(group)
    if not judged and group is Group.COVERAGE:
        return
    title, about = TITLES[group]
    yield ""
    was = words.group_trend_words(found, group)
    rest = f" ({about})" + (f", {was}" if was else "")
    yield ink.bold(cut(title, width)) + ink.dim(cut(rest, width - len(title)))
    if not judged:
        yield "  none"
    for each in judged:
        yield from _finding(each, found, width, ink)
    for rule, count in found.report.more.items():
        if GROUP_OF[rule] is group:
            yield ink.dim(cut(f"  {words.more_words(rule, count)}", width))


def _finding(each: Judged, found: Audit, width: int, ink: Ink) -> Iterator[str]:
    line = cut(f"  {shown(each.finding.words)}", width)
    yield ink.dim(line) if each.decision is not None else line
    if said := words.standing_words(each, found):
        yield ink.dim(cut(f"      {shown(said)}", width))


def _coverage(found: Audit, width: int, ink: Ink) -> Iterator[str]:
    heads, rows = words.coverage_rows(found.coverage)
    yield ink.bold("COVERAGE") + ", open tasks by stage and medium"
    yield ink.dim(cut(f"  {'':14}" + "".join(f"{head:>5}" for head in (*heads, "all")), width))
    for stage, counts, total in rows:
        cells = "".join(f"{count or '.':>5}" for count in counts)
        yield cut(f"  {padded(cut(shown(stage), 14), 14)}{cells}{total:>5}", width)
    yield cut(f"  {words.coverage_words(found.coverage)}", width)


def _results(found: Audit, width: int, ink: Ink) -> Iterator[str]:
    yield ink.bold("RESULT AGAINST ACTIVITY") + (f", {found.header.cycle.name}" if found.header.cycle else "")
    yield ink.dim(cut(f"     {'key result':26}{'done':>5}{'open':>6}{'score':>7}{'last week':>11}", width))
    for row in found.results:
        figures = row.figures
        name = padded(cut(shown(figures.title), 26), 26)
        mark = MARKS.get(figures.health, "?")
        yield cut(
            f"  {figures.position:>1}{mark} {name}{row.done:>5}{row.open:>6}{words.score_words(figures.score):>7}"
            f"{words.change_words(row):>11}", width,
        )  # fmt: skip
    if found.past is not None:
        yield cut(f"  {shown(words.past_words(found.past))}", width)
