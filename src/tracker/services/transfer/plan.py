"""What an import would do, or did: counts, problems and notices that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.errors import Disagreement

KEPT = 200
"""How many problems are kept word by word; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that was not taken, and why."""

    line: int
    """Line of the record; for a table the row as a spreadsheet counts it, the header being 1."""
    record: str
    """What it is about: `task T-043`, `row`."""
    field: str
    """The field or column, "" when it is about the whole record."""
    message: str
    unit: str = "line"

    def __str__(self) -> str:
        subject = " ".join(part for part in (self.record, self.field) if part)
        return f"{self.unit} {self.line}: {subject} {self.message}".replace("  ", " ")


@dataclass(slots=True)
class Tally:
    """What happens to the records of one kind."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import of a file does."""

    source: str
    """Name of the file."""
    counts: Mapping[str, Tally] = field(default_factory=dict)
    """By the name of the array or `tasks`; kinds of which the file has nothing are left out."""
    arrivals: int = 0
    """Records without a key result, which wait outside the board."""
    problems: tuple[Problem, ...] = ()
    """The first of them, in the order of the file."""
    problem_count: int = 0
    conflicts: tuple[Disagreement, ...] = ()
    """Fields in which the file (`ours`) and the database (`theirs`) disagree, when nothing was to be replaced."""
    conflict_count: int = 0
    notices: tuple[str, ...] = ()
    takes_the_rest: bool = False
    """Whether records without problems are taken although others have some (CSV), or nothing is (JSON)."""
    restores_history: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether nothing can be imported as things stand."""
        return bool(self.conflict_count) or (bool(self.problem_count) and not self.takes_the_rest)

    @property
    def total(self) -> Tally:
        """All kinds together."""
        total = Tally()
        for tally in self.counts.values():
            total.added += tally.added
            total.changed += tally.changed
            total.unchanged += tally.unchanged
            total.refused += tally.refused
        return total

    def lines(self) -> list[str]:
        """The plan as lines of plain text."""
        lines = [self.source]
        width = max((len(_spoken(name)) for name in self.counts), default=0)
        lines += [f"  {_spoken(name):<{width}}  {_counted(tally)}" for name, tally in self.counts.items()]
        if self.arrivals:
            lines.append(f"  {self.arrivals:,} without a known key result become arrivals (tracker idea list)")
        if self.restores_history:
            lines.append("  the history of changes comes along as it is")
        lines += [f"  note: {notice}" for notice in self.notices]
        if self.conflict_count:
            lines.append(f"  {self.conflict_count:,} fields differ from what is here:")
            lines += [
                f"    {each.entity} {each.id} {each.field}: here {_value(each.theirs)}, in the file {_value(each.ours)}"
                for each in self.conflicts
            ]
            lines += _further(self.conflict_count - len(self.conflicts))
        if self.problem_count:
            lines.append(f"  not taken, {self.problem_count:,} {'problem' if self.problem_count == 1 else 'problems'}:")
            lines += [f"    {problem}" for problem in self.problems]
            lines += _further(self.problem_count - len(self.problems))
        return lines


def _further(more: int) -> list[str]:
    return [f"    and {more:,} more"] if more > 0 else []


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _counted(tally: Tally) -> str:
    parts = (
        (tally.added, "added"),
        (tally.changed, "changed"),
        (tally.unchanged, "unchanged"),
        (tally.refused, "not taken"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in parts if count) or "none"


def _value(value: object) -> str:
    if value in (None, ""):
        return "empty"
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")
