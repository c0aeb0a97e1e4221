"""Keeps account of an import while it runs, in memory that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from tracker.domain.errors import Disagreement
from tracker.services.transfer.plan import KEPT, ImportPlan, Problem, Tally

Progress = Callable[[int, int | None], None]
"""Called now and then with the records done and how many there are, None while that is not known."""

_BETWEEN_REPORTS = 500
_NOTICES = 40
"""How many different notices are kept word by word."""


class Ledger:
    """What became of each record so far."""

    def __init__(self, source: str, *, unit: str, takes_the_rest: bool) -> None:
        self.source = source
        self.takes_the_rest = takes_the_rest
        self.arrivals = 0
        self.restores_history = False
        self._unit = unit
        self._tallies: dict[str, Tally] = {}
        self._problems: list[Problem] = []
        self._problem_count = 0
        self._conflicts: list[Disagreement] = []
        self._conflict_count = 0
        self._notices: Counter[str] = Counter()

    def tally(self, section: str) -> Tally:
        """The counts of one kind of record."""
        return self._tallies.setdefault(section, Tally())

    def problem(self, line: int, record: str, field: str, message: str) -> None:
        """Something is wrong with a field of a record."""
        self._problem_count += 1
        if len(self._problems) < KEPT:
            self._problems.append(Problem(line, record, field, message, self._unit))

    def refuse(self, section: str, line: int, record: str, faults: Sequence[tuple[str, str]]) -> None:
        """A record is not taken, for these reasons (field, message)."""
        self.tally(section).refused += 1
        for field, message in faults:
            self.problem(line, record, field, message)

    def conflict(self, disagreements: Sequence[Disagreement]) -> None:
        """A record differs from the one that is here."""
        self._conflict_count += len(disagreements)
        self._conflicts += disagreements[: max(0, KEPT - len(self._conflicts))]

    def notice(self, words: str, count: int = 1) -> None:
        """Something a person should know; `{n}` in the words becomes how often it happened."""
        if words not in self._notices and len(self._notices) >= _NOTICES:
            words = "further notices like these: {n}"
        self._notices[words] += count

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found so far that stops the whole import."""
        return self.takes_the_rest or not (self._problem_count or self._conflict_count)

    def plan(self) -> ImportPlan:
        """The account as it stands."""
        return ImportPlan(
            source=self.source,
            counts={name: tally for name, tally in self._tallies.items() if tally != Tally()},
            arrivals=self.arrivals,
            problems=tuple(self._problems),
            problem_count=self._problem_count,
            conflicts=tuple(self._conflicts),
            conflict_count=self._conflict_count,
            notices=tuple(words.replace("{n}", f"{count:,}") for words, count in self._notices.items()),
            takes_the_rest=self.takes_the_rest,
            restores_history=self.restores_history,
        )


class Steps:
    """Passes progress on, not at every record."""

    def __init__(self, report: Progress | None, total: int | None) -> None:
        self._report = report
        self._total = total
        self._done = 0
        if report is not None:
            report(0, total)

    def step(self, by: int = 1) -> None:
        """So many further records are done."""
        before, self._done = self._done, self._done + by
        if self._report is not None and self._done // _BETWEEN_REPORTS != before // _BETWEEN_REPORTS:
            self._report(self._done, self._total)

    def finish(self) -> None:
        """All are done."""
        if self._report is not None:
            self._report(self._done, self._done)
