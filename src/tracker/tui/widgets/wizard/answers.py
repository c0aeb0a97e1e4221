"""What the first run asks, with an example for each question, and how an answer is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.dates import show_day
from tracker.domain.errors import WrongUsage
from tracker.domain.numbers import read_number
from tracker.domain.plaintext import clean_line
from tracker.services.strategy import QUESTIONS, FirstStrategy, cycle_days


@dataclass(frozen=True, slots=True)
class Step:
    """One question."""

    name: str
    """Of the answer, as the service calls it."""
    label: str
    example: str
    usual: str = ""
    """What an empty answer means; without it something has to be said."""

    @property
    def question(self) -> str:
        """In words."""
        return QUESTIONS[self.name]


STEPS = (
    Step("goal", "Goal", "Content marketing that books calls"),
    Step("who", "Who", "owner-managers of independent vet clinics with 2 to 10 staff"),
    Step("why", "Why", "they lose quiet weekdays to chains and have no time to learn marketing"),
    Step("action", "Action", "book a 30-minute call"),
    Step("channels", "Channels", "website, email, LinkedIn"),
    Step("owner", "Owner", "your name: Mara Okafor"),
    Step("cycle", "First cycle", "quarter", usual="month"),
    Step("objective", "Objective", "Be the first call of every clinic in town"),
    Step("key_result", "Key result", "Discovery calls booked"),
    Step("unit", "Counted in", "calls, clients, percent, EUR per call", usual="count"),
    Step("baseline", "Today", "0, or the number of last month", usual="0"),
    Step("target", "Target", "40"),
)
PLACES = {step.name: index for index, step in enumerate(STEPS)}


def understood(step: Step, text: str, answers: Mapping[str, str], today: date) -> str:
    """What an answer means, in words; nothing to add is an empty text.

    Raises:
        WrongUsage: it is missing or cannot be read.
    """
    words = clean_line(text)
    if not words and not step.usual:
        raise WrongUsage(f"Say it in a few words, for example: {step.example}")
    if step.name == "cycle":
        starts, ends = cycle_days(words or step.usual, today)
        days = (ends - starts).days + 1
        return f"{show_day(starts, today)} to {show_day(ends, today)}, {days} days"
    if step.name == "channels":
        names = channel_names(words)
        return f"{len(names)} channel{'' if len(names) == 1 else 's'}: {', '.join(names)}"
    if step.name == "baseline":
        read_number(words or step.usual)
    if step.name == "target":
        return _way(words, clean_line(answers.get("baseline", "")) or "0", answers)
    return ""


def channel_names(words: str) -> list[str]:
    """The channels of a list with commas."""
    names = [name.strip() for name in words.split(",") if name.strip()]
    if not names:
        raise WrongUsage("Name one channel or more, with commas between.")
    return names


def _way(target: str, baseline: str, answers: Mapping[str, str]) -> str:
    goal, start = read_number(target), read_number(baseline)
    if goal == start:
        raise WrongUsage(f"The target is where it stands today, {baseline}; say how far it shall get.")
    unit = clean_line(answers.get("unit", "")) or "count"
    return f"from {start} {'up' if goal > start else 'down'} to {goal} {unit}"


def missing_answers(answers: Mapping[str, str]) -> list[str]:
    """Labels of the questions that have to be answered still."""
    return [step.label.lower() for step in STEPS if not step.usual and not answers.get(step.name, "").strip()]


def first_strategy(answers: Mapping[str, str]) -> FirstStrategy:
    """The answers as the service takes them; checked step by step before."""
    said = {step.name: clean_line(answers.get(step.name, "")) or step.usual for step in STEPS}
    channels = channel_names(said.pop("channels"))
    return FirstStrategy(**said, channels=channels)
