"""The audit on one page, in Markdown: for the meeting in which it is talked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tracker.domain.audit import GROUP_OF, TITLES, Group
from tracker.domain.dates import show_weekday
from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.reports import audit_words as words
from tracker.services.audit import Audit, Judged

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#&]")


def audit_page(found: Audit) -> str:
    """The audit as Markdown; the same length at any number of tasks."""
    return "\n".join(_lines(found)) + "\n"


def save_page(found: Audit, name: str) -> Path:
    """Write the page into a file; it appears under its name only when it is whole. Returns where it is.

    Raises:
        WrongUsage: it is the name of a folder.
        OutOfReach: it cannot be written there.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        raise WrongUsage(f"{path} is a folder; name a file.")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(audit_page(found), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise OutOfReach(f"{path} cannot be written: {error.strerror or error}. Name another file.") from error
    return path


def _lines(found: Audit) -> Iterator[str]:
    header = found.header
    yield f"# Alignment: {_text(header.strategy.title)}"
    yield ""
    cycle = f", {_text(header.cycle.name)}" if header.cycle is not None else ""
    yield f"As of {show_weekday(found.today)} {found.today.year}{cycle}."
    yield f"{words.count_words(found).capitalize()}; {words.trend_words(found)}."
    for group in Group:
        yield from _group(found, group)
    yield from _coverage(found)
    yield from _results(found)


def _group(found: Audit, group: Group) -> Iterator[str]:
    judged = found.of_group(group)
    if not judged and group is Group.COVERAGE:
        return
    title, about = TITLES[group]
    yield ""
    yield f"## {title.capitalize()}: {about}"
    yield ""
    if not judged:
        yield "Nothing found."
    yield from (_finding(each, found) for each in judged)
    for rule, count in found.report.more.items():
        if GROUP_OF[rule] is group:
            yield f"- {words.more_words(rule, count)}"
    if group is Group.FLOW and found.header.cycle is not None:
        left = (found.header.cycle.ends_on - found.today).days
        yield ""
        yield f"{words.forecast_words(found.header.forecast, left)}."


def _finding(each: Judged, found: Audit) -> str:
    box = "x" if each.decision is not None else " "
    said = words.standing_words(each, found)
    rule = each.finding.rule.replace("_", " ")
    return f"- [{box}] {_text(each.finding.words)} ({rule})" + (f" *{_text(said)}*" if said else "")


def _coverage(found: Audit) -> Iterator[str]:
    heads, rows = words.coverage_rows(found.coverage, most=10)
    yield ""
    yield "## Coverage: open tasks by stage and medium"
    yield ""
    yield "| Stage | " + " | ".join(_text(head) for head in (*heads, "all")) + " |"
    yield "|---|" + "--:|" * (len(heads) + 1)
    for stage, counts, total in rows:
        yield "| " + " | ".join([_text(stage), *(str(count or ".") for count in counts), str(total)]) + " |"
    yield ""
    yield words.coverage_words(found.coverage)


def _results(found: Audit) -> Iterator[str]:
    yield ""
    yield "## Result against activity"
    yield ""
    yield "| # | Key result | Health | Done | Open | Score | Last week |"
    yield "|--:|---|---|--:|--:|--:|--:|"
    for row in found.results:
        figures = row.figures
        cells = (str(figures.position), _text(figures.title), figures.health, str(row.done), str(row.open),
                 words.score_words(figures.score), words.change_words(row))
        yield f"| {' | '.join(cells)} |"
    if found.past is not None:
        yield ""
        yield _text(words.past_words(found.past))


def _text(text: str) -> str:
    """What somebody wrote, as one line that Markdown takes for nothing but text."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
