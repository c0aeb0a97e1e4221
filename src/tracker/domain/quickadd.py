"""Quick add: one line that says all of a task.

    Write the teaser @lena kr:2 due:fri !high stage:A medium:email #linkedin ~2-4h why:the list needs a reason to open

`@owner`, `kr:` (number, id or letters), `due:` (see `dates`), `!low !normal !high`, `stage:` (name or letter),
`medium:`, `#channel`, `~2-4h ~3h ~30m ~1d` (a day is 8 hours), and `why:`, which takes the rest of the line. All other
words are the title. Words in double quotes are title as they stand; a backslash before a word (`\\@home`, `\\due:`)
makes it title too, and is dropped. A value with spaces is quoted: `kr:"white paper"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.dates import parse_day
from tracker.domain.errors import WrongUsage
from tracker.domain.plaintext import TEXT_LIMIT, clean_line
from tracker.domain.tasks import MEDIA, PRIORITIES, STAGES
from tracker.domain.words import WORD, choose, choose_stage, is_quoted, value_of

HOURS_A_DAY = 8
LONGEST_ESTIMATE_H = 10_000
"""Five years of one person; more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """What a quick-add line says; None and "" where it says nothing. Owner, key result and channel are as typed."""

    title: str
    owner: str | None = None
    key_result: str | None = None
    due_on: date | None = None
    priority: str | None = None
    stage: str | None = None
    medium: str | None = None
    channel: str | None = None
    estimate_low_h: float | None = None
    estimate_high_h: float | None = None
    contribution: str = ""

    def text(self) -> str:
        """The line that reads as this again, on any day."""
        words = [" ".join(_escaped(word) for word in self.title.split())]
        words += [
            f"{before}{_written(value)}"
            for before, value in (("@", self.owner), ("kr:", self.key_result), ("stage:", self.stage),
                                  ("medium:", self.medium), ("#", self.channel))
            if value
        ]
        if self.due_on is not None:
            words.append(f"due:{self.due_on}")
        if self.priority is not None:
            words.append(f"!{self.priority}")
        if self.estimate_low_h is not None and self.estimate_high_h is not None:
            words.append(_written_estimate(self.estimate_low_h, self.estimate_high_h))
        if self.contribution:
            words.append(f"why:{self.contribution}")
        return " ".join(words)


def parse_quick_add(
    text: str, today: date, *, stages: Sequence[str] = STAGES, media: Sequence[str] = MEDIA
) -> QuickAdd:
    """What the line `text` says; `stages` and `media` are the lists of the strategy.

    Raises:
        WrongUsage: no title is left, something is given twice, or a day, stage, medium or estimate cannot be read.
        Refused: the title or the contribution is too long.
    """
    line = clean_line(text, TEXT_LIMIT)
    said = _Said(today, stages, media)
    for found in re.finditer(WORD, line):
        if found.group()[:4].lower() == "why:":
            said.fields["contribution"] = line[found.start() + 4 :].strip()
            break
        said.read(found.group())
    title = clean_line(" ".join(said.title))
    if not title:
        raise WrongUsage("That says nothing to do; write the task's title, for example: Write the teaser @lena kr:2")
    return QuickAdd(title, **said.fields)  # type: ignore[arg-type]


# Patterns are text, compiled at first use: the import stands before every command.
_SPECIAL = rf'(?:"|[@#](?:"|[^\W\d_])|~[0-9]|!(?:{"|".join(PRIORITIES)})|(?:kr|due|stage|medium|why):)'
"""How a word begins that is not simply title."""
_ESCAPED = rf"(?i)\\+{_SPECIAL}"
_NEEDS_ESCAPE = rf"(?i)\\*{_SPECIAL}"
_KEYWORD = r"(?i)(kr|due|stage|medium):(.*)"
_OWNER = r'@((?:"|[^\W\d_]).*)'
_CHANNEL = r'#((?:"|[^\W\d_]).*)'
_PRIORITY = rf"(?i)!({'|'.join(PRIORITIES)})[,.;]*"
_NUMBER = r"([0-9]{1,5}(?:[.,][0-9]{1,20})?)"
_ESTIMATE = rf"(?i)~{_NUMBER}([hmd])?(?:[-–]{_NUMBER}([hmd]))?[,;]*"
_PLAIN_VALUE = r"[^\W\d_][\w-]*(?:\.[\w-]+)*"
_SHOWN = {"key_result": "key result", "due_on": "due day", "estimate_low_h": "estimate"}
_EXAMPLES = {"kr": "kr:2", "due": "due:fri", "stage": "stage:A", "medium": "medium:email"}


class _Said:
    """What the words read so far have said."""

    def __init__(self, today: date, stages: Sequence[str], media: Sequence[str]) -> None:
        self.today = today
        self.stages = stages
        self.media = media
        self.title: list[str] = []
        self.fields: dict[str, object] = {}

    def read(self, word: str) -> None:
        if is_quoted(word):
            self.title.append(word)
        elif re.match(_ESCAPED, word):
            self.title.append(word[1:])
        elif not any(read(self, word) for read in _READERS):
            self.title.append(word)

    def owner(self, word: str) -> bool:
        return self._named("owner", re.fullmatch(_OWNER, word))

    def channel(self, word: str) -> bool:
        return self._named("channel", re.fullmatch(_CHANNEL, word))

    def _named(self, name: str, found: re.Match[str] | None) -> bool:
        value = found and value_of(found[1], ",.;:!?)")
        if not value:
            return False
        self._keep(name, value)
        return True

    def priority(self, word: str) -> bool:
        found = re.fullmatch(_PRIORITY, word)
        if found:
            self._keep("priority", found[1].lower())
        return found is not None

    def estimate(self, word: str) -> bool:
        found = re.fullmatch(_ESTIMATE, word)
        if found is None or not (found[2] or found[4]):
            return False
        high_unit = found[4] or found[2]
        low = _hours(found[1], found[2] or high_unit)
        high = _hours(found[3], high_unit) if found[3] else low
        if not 0 < low <= high <= LONGEST_ESTIMATE_H:
            raise WrongUsage(
                f"The estimate {word!r} cannot be; give hours from low to high, more than 0 and up to "
                f"{LONGEST_ESTIMATE_H:,}: ~2-4h, ~30m or ~1d."
            )
        self._keep("estimate_low_h", low)
        self._keep("estimate_high_h", high)
        return True

    def keyword(self, word: str) -> bool:
        found = re.fullmatch(_KEYWORD, word)
        if found is None:
            return False
        keyword = found[1].lower()
        value = value_of(found[2])
        if not value:
            raise WrongUsage(
                f"{found[1]}: says nothing; write the value right after the colon ({_EXAMPLES[keyword]}), "
                f"or \\{found[1]}: to have the word in the title."
            )
        if keyword == "kr":
            self._keep("key_result", value)
        elif keyword == "due":
            self._keep("due_on", parse_day(value, self.today))
        elif keyword == "stage":
            self._keep("stage", choose_stage(value, self.stages))
        else:
            self._keep("medium", choose(value, self.media, "medium"))
        return True

    def _keep(self, name: str, value: object) -> None:
        if name in self.fields:
            raise WrongUsage(f"The {_SHOWN.get(name, name)} is given twice; keep one, or put the other in quotes.")
        self.fields[name] = value


_READERS: tuple[Callable[[_Said, str], bool], ...] = (
    _Said.owner, _Said.channel, _Said.priority, _Said.estimate, _Said.keyword,
)


def _hours(number: str, unit: str) -> float:
    value = float(number.replace(",", "."))
    return {"h": value, "m": value / 60, "d": value * HOURS_A_DAY}[unit.lower()]


def _escaped(word: str) -> str:
    return f"\\{word}" if re.match(_NEEDS_ESCAPE, word) else word


def _written(value: str) -> str:
    return value if re.fullmatch(_PLAIN_VALUE, value) or value.isdecimal() else f'"{value}"'


def _written_estimate(low: float, high: float) -> str:
    if low == high:
        return f"~{_written_hours(low)}h"
    return f"~{_written_hours(low)}-{_written_hours(high)}h"


def _written_hours(hours: float) -> str:
    return f"{Decimal(repr(hours)).normalize():f}"
