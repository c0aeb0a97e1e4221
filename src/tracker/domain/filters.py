"""Which tasks to show: the filter every list shares, and the words that the command line and the board read for it.

    kr:4 @lena mine late unowned blocked stage:A #linkedin medium:email due:fri status:doing,review

A status may stand alone (`doing`, `open`). All other words are searched for; quoted words are searched for as they
stand, so `"late"` finds the word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.dates import parse_day
from tracker.domain.errors import WrongUsage
from tracker.domain.plaintext import clean_line
from tracker.domain.tasks import MEDIA, OPEN, STAGES, Status
from tracker.domain.words import choose, choose_stage, is_quoted, value_of, words_of


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Tasks that match everything set here; as made, it matches all."""

    key_result: str | None = None
    """Id of the key result they cite."""
    owner: str | None = None
    """Id of the person who has them."""
    unowned: bool = False
    text: str = ""
    """Words to search for, each as a beginning."""
    late: bool = False
    blocked: bool = False
    stage: str | None = None
    status: frozenset[str] = frozenset()
    """Empty: every column of the board."""
    channel: str | None = None
    medium: str | None = None
    due_by: date | None = None
    """Due on this day or before it."""

    def describe(self, *, key_result: str | None = None, owner: str | None = None) -> str:
        """The filter in a few words, "key result 4, late"; "all" when it matches all.

        `key_result` and `owner` are what to call the two instead of their ids: a number, a name.
        """
        return _described(self, key_result or self.key_result, owner or self.owner)


@dataclass(frozen=True, slots=True)
class FilterWords:
    """A filter as typed: whom and which key result the words mean is for a service to look up."""

    key_result: str | None = None
    owner: str | None = None
    mine: bool = False
    unowned: bool = False
    text: str = ""
    late: bool = False
    blocked: bool = False
    stage: str | None = None
    status: frozenset[str] = frozenset()
    channel: str | None = None
    medium: str | None = None
    due_by: date | None = None

    def resolved(self, *, key_result: str | None, owner: str | None) -> TaskFilter:
        """The filter, with the ids that its words and `mine` turned out to mean."""
        return TaskFilter(
            key_result=key_result, owner=owner, unowned=self.unowned, text=self.text, late=self.late,
            blocked=self.blocked, stage=self.stage, status=self.status, channel=self.channel, medium=self.medium,
            due_by=self.due_by,
        )

    def describe(self) -> str:
        """The filter in a few words, "key result 4, late"; "all" when it matches all."""
        return _described(self, self.key_result, "mine" if self.mine else self.owner)


def _described(chosen: TaskFilter | FilterWords, key_result: str | None, owner: str | None) -> str:
    parts = (
        key_result and f"key result {key_result}",
        owner,
        chosen.unowned and "no owner",
        chosen.late and "late",
        chosen.blocked and "blocked",
        chosen.stage,
        chosen.medium,
        chosen.channel and f"#{chosen.channel}",
        chosen.due_by and f"due by {chosen.due_by}",
        "open" if chosen.status == OPEN else " or ".join(each for each in Status if each in chosen.status),
        chosen.text and f'"{chosen.text}"',
    )
    return ", ".join(part for part in parts if part) or "all"


def filter_words(line: str) -> list[str]:
    """The words of a typed line, as `parse_filter` takes them; the command line's shell has done this already."""
    return list(words_of(clean_line(line)))


def parse_filter(
    words: Sequence[str], today: date, *, stages: Sequence[str] = STAGES, media: Sequence[str] = MEDIA
) -> FilterWords:
    """The filter that `words` ask for; `stages` and `media` are the lists of the strategy.

    Raises:
        WrongUsage: an unknown stage, medium, status or keyword, something given twice, or words that exclude
            each other; the message lists what there is.
    """
    asked = _Asked(today, stages, media)
    for word in words:
        asked.read(clean_line(word))
    owners = [name for name in ("owner", "mine", "unowned") if name in asked.fields]
    if len(owners) > 1:
        raise WrongUsage("Choose one of @PERSON, mine and unowned; together they match nothing.")
    return FilterWords(text=" ".join(asked.text), status=frozenset(asked.status), **asked.fields)  # type: ignore[arg-type]


_FLAGS = frozenset({"mine", "late", "unowned", "blocked"})
_STATUSES = (*(status.value for status in Status), "open")
_KEYWORD = r"(?i)([a-z_]+):([^/].*)?"
_OWNER = r'@((?:"|[^\W\d_]).*)'
_CHANNEL = r'#((?:"|[^\W\d_]).*)'
_SHOWN = {"key_result": "key result", "due_by": "due day"}
_KEYWORDS = ("kr", "stage", "medium", "due", "status")


class _Asked:
    """What the words read so far have asked for."""

    def __init__(self, today: date, stages: Sequence[str], media: Sequence[str]) -> None:
        self.today = today
        self.stages = stages
        self.media = media
        self.text: list[str] = []
        self.status: set[str] = set()
        self.fields: dict[str, object] = {}

    def read(self, word: str) -> None:
        if is_quoted(word):
            self.text += word.replace('"', "").split()
        elif word and not any(read(self, word) for read in _READERS):
            self.text.append(word)

    def flag(self, word: str) -> bool:
        if word.lower() in _FLAGS:
            self.fields[word.lower()] = True
        return word.lower() in _FLAGS

    def bare_status(self, word: str) -> bool:
        if word.lower() in _STATUSES:
            self._add_status(word)
        return word.lower() in _STATUSES

    def owner(self, word: str) -> bool:
        return self._named("owner", re.fullmatch(_OWNER, word))

    def channel(self, word: str) -> bool:
        return self._named("channel", re.fullmatch(_CHANNEL, word))

    def _named(self, name: str, found: re.Match[str] | None) -> bool:
        value = found and value_of(found[1])
        if value:
            self._keep(name, value)
        return bool(value)

    def keyword(self, word: str) -> bool:
        found = re.fullmatch(_KEYWORD, word)
        if found is None:
            return False
        keyword, value = found[1].lower(), value_of(found[2] or "")
        if keyword not in _KEYWORDS:
            if not value:
                return False
            raise WrongUsage(
                f"There is no filter {found[1]!r}; there are {', '.join(f'{each}:' for each in _KEYWORDS)}, @person, "
                f"#channel, {', '.join(sorted(_FLAGS))}. To search for the words, put them in quotes."
            )
        if not value:
            raise WrongUsage(f"{found[1]}: says nothing; write the value right after the colon.")
        self._set(keyword, value)
        return True

    def _set(self, keyword: str, value: str) -> None:
        if keyword == "kr":
            self._keep("key_result", value)
        elif keyword == "stage":
            self._keep("stage", choose_stage(value, self.stages))
        elif keyword == "medium":
            self._keep("medium", choose(value, self.media, "medium"))
        elif keyword == "due":
            self._keep("due_by", parse_day(value, self.today))
        else:
            for status in value.split(","):
                self._add_status(status)

    def _add_status(self, value: str) -> None:
        status = choose(value.strip(), _STATUSES, "status")
        self.status.update({each.value for each in OPEN} if status == "open" else {status})

    def _keep(self, name: str, value: object) -> None:
        if name in self.fields:
            raise WrongUsage(f"The {_SHOWN.get(name, name)} is given twice; keep one.")
        self.fields[name] = value


_READERS: tuple[Callable[[_Asked, str], bool], ...] = (
    _Asked.flag, _Asked.bare_status, _Asked.owner, _Asked.channel, _Asked.keyword,
)
