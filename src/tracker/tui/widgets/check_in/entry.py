"""What is being typed about one key result: its fields, which of them is in front, and what keys do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.domain.check_ins import MOST_CONFIDENT, read_value
from tracker.domain.errors import TrackerError
from tracker.services.check_in_pages import Draft, Page
from tracker.services.check_ins import NewCheckIn
from tracker.tui.widgets.command_line.editing import KEYS, Typed

VALUE, CONFIDENCE, NOTE, BLOCKS = "value", "confidence", "note", "blocks"
FIELDS = (VALUE, CONFIDENCE, NOTE, BLOCKS)
WORDS = frozenset({NOTE, BLOCKS})
"""Fields in which letters are text; in the others they are commands."""
NUMERIC = frozenset("0123456789.,-%")


@dataclass(frozen=True)
class Said:
    """What the fields hold."""

    value: Typed = field(default_factory=Typed)
    confidence: int | None = None
    note: Typed = field(default_factory=Typed)
    blocks: Typed = field(default_factory=Typed)
    health: str | None = None
    reason: str = ""
    ticked: frozenset[int] = frozenset()

    @property
    def plain(self) -> tuple[object, ...]:
        """All of it without the places of carets."""
        texts = (self.value.text.strip(), self.note.text.strip(), self.blocks.text.strip())
        return (*texts, self.confidence, self.health, self.reason, self.ticked)


def _typed(text: str) -> Typed:
    line = " ".join(text.splitlines())
    return Typed(line, len(line))


class Entry:
    """The check-in of a key result on a day, as far as it is typed."""

    def __init__(self, page: Page, day: date) -> None:
        self.page = page
        self.day = day
        self.field = VALUE
        self.place = 0
        """The milestone in front, counted from 0."""
        self.older = 0
        """How many lines of the history are scrolled away."""
        self._begun = self._said = self._read()

    def scroll(self, by: int) -> None:
        """Further back in the history, or forth."""
        self.older = max(0, min(len(self.page.history()) - 1, self.older + by))

    @property
    def said(self) -> Said:
        """What the fields hold."""
        return self._said

    @said.setter
    def said(self, said: Said) -> None:
        self._said = said

    @property
    def is_counted(self) -> bool:
        """Whether milestones are ticked in place of a typed value."""
        return bool(self.page.milestones)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._said.plain != self._begun.plain

    @property
    def is_in_words(self) -> bool:
        """Whether letters are text."""
        return self.field in WORDS

    def _read(self) -> Said:
        here = self.page.on(self.day)
        ticked = self.page.ticked(self.day)
        # as they are kept, with their line breaks, which a field of one line does not show
        self._note, self._blocks = (here.note, here.blocks or None) if here is not None else ("", None)
        if here is None:
            return Said(ticked=ticked)
        return Said(
            _typed(f"{here.value:f}"), here.confidence, _typed(here.note), _typed(here.blocks), here.health_override,
            here.override_reason or "", ticked,
        )

    def renew(self, page: Page) -> None:
        """The key result was read again; what is typed stays, what is not goes by what was read."""
        was_changed = self.is_changed
        self.page = page
        if not was_changed:
            self._begun = self._said = self._read()

    # -- fields

    def step(self, by: int) -> None:
        """The next field, or the one before; round at the ends."""
        self.field = FIELDS[(FIELDS.index(self.field) + by) % len(FIELDS)]

    def press(self, key: str, character: str | None) -> bool:
        """Take a key if it means something in the field in front."""
        if self.field == CONFIDENCE:
            return self._press_confidence(key, character)
        if self.field == VALUE and self.is_counted:
            return self._press_milestone(key, character)
        allowed = character is not None and character.isprintable() and len(character) == 1 and (
            self.is_in_words or character in NUMERIC
        )
        if key in KEYS:
            self._put(KEYS[key](self._text()))
        elif allowed and character is not None:
            self._put(self._text().insert(character))
        else:
            return False
        return True

    def paste(self, text: str) -> None:
        """Insert what was pasted into the field in front, as one line."""
        if self.is_in_words:
            self._put(self._text().insert(text))
        elif self.field == VALUE and not self.is_counted:
            self._put(self._text().insert("".join(char for char in text if char in NUMERIC)))

    def _text(self) -> Typed:
        typed: Typed = getattr(self._said, self.field)
        return typed

    def _put(self, typed: Typed) -> None:
        self._said = _replaced(self._said, **{self.field: typed})

    def _press_confidence(self, key: str, character: str | None) -> bool:
        now = self._said.confidence
        if character is not None and character.isascii() and character.isdigit():
            # 1 and 0 are ten: nobody is sure to 1 and in the same breath to 0
            wanted: int | None = MOST_CONFIDENT if now == 1 and character == "0" else int(character)
        elif key in ("right", "plus"):
            wanted = min(MOST_CONFIDENT, 0 if now is None else now + 1)
        elif key in ("left", "minus"):
            wanted = max(0, MOST_CONFIDENT if now is None else now - 1)
        elif key in ("backspace", "delete"):
            wanted = None
        else:
            return False
        self._said = _replaced(self._said, confidence=wanted)
        return True

    def _press_milestone(self, key: str, character: str | None) -> bool:
        last = len(self.page.milestones) - 1
        moves = {"left": self.place - 1, "right": self.place + 1, "home": 0, "end": last}
        if key in moves:
            self.place = max(0, min(last, moves[key]))
        elif key == "space":
            self.tick(self.place)
        elif character is not None and character in "123456789" and int(character) <= last + 1:
            self.tick(int(character) - 1)
        else:
            return False
        return True

    def tick(self, place: int) -> None:
        """Tick a milestone, counted from 0, or take its tick away."""
        self.place = place
        self._said = _replaced(self._said, ticked=self._said.ticked ^ {self.page.milestones[place].position})

    def override(self, health: str | None, reason: str) -> None:
        """Say what the health is whatever the figures say; None goes by the figures."""
        self._said = _replaced(self._said, health=health, reason=reason if health else "")

    # -- what it comes to

    @property
    def value(self) -> Decimal | None:
        """The value as far as it is typed; None where nothing is, or it cannot be read."""
        if self.is_counted:
            return Decimal(len(self._said.ticked)) if self._is_said else None
        if not self._said.value.text.strip():
            return None
        try:
            return read_value(self.page.terms, self._said.value.text)
        except TrackerError:
            return None

    @property
    def _is_said(self) -> bool:
        return self.is_changed or self.page.on(self.day) is not None

    @property
    def fault(self) -> str:
        """What is wrong with the value, in words."""
        if self.is_counted or not self._said.value.text.strip():
            return ""
        try:
            read_value(self.page.terms, self._said.value.text)
        except TrackerError as error:
            return str(error).removeprefix("The value ")
        return ""

    @property
    def draft(self) -> Draft:
        """What the figures are reckoned with."""
        return Draft(self.day, self.value, self._said.confidence, self._said.health)

    @property
    def seen(self) -> Mapping[str, object]:
        """What the day's check-in said when this was begun; nothing when there was none."""
        if not self._begun.note.text and self._begun.confidence is None:
            return {}
        begun = self._begun
        said: dict[str, object] = {
            "confidence": begun.confidence, "note": self._note, "blocks": self._blocks,
            "health_override": begun.health, "override_reason": begun.reason or None,
        }
        return said if self.is_counted else {**said, "value": begun.value.text}

    def new(self) -> NewCheckIn:
        """What is said: all of it when it is new, else what was changed."""
        said, begun = self._said, self._begun
        is_new = not self.seen

        def text(typed: Typed, before: Typed) -> str | None:
            return typed.text if is_new or typed.text.strip() != before.text.strip() else None

        overrides = (is_new and said.health is not None) or (said.health, said.reason) != (begun.health, begun.reason)
        confidence = said.confidence if is_new or said.confidence != begun.confidence else None
        return NewCheckIn(
            self.page.row.id, None if self.is_counted else text(said.value, begun.value),
            None if confidence is None else str(confidence), text(said.note, begun.note),
            text(said.blocks, begun.blocks), self.day, (said.health or "none") if overrides else None,
            said.reason if overrides and said.health else None,
            ticked=said.ticked if self.is_counted and (is_new or said.ticked != begun.ticked) else None,
        )


def _replaced(said: Said, **values: object) -> Said:
    held = {name: getattr(said, name) for name in Said.__dataclass_fields__}
    return Said(**{**held, **values})
