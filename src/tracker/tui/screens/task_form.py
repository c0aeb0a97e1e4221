"""The form of a task: every field by its place in the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.errors import Refused
from tracker.domain.tasks import COLUMNS, KINDS, MEDIA, PRIORITIES, SHOWS, STAGE_LETTERS, STAGES
from tracker.services import board as reads
from tracker.services import tasks as service
from tracker.services.header import header as read_header
from tracker.services.outcome import Outcome
from tracker.services.quick import words_of_strategy
from tracker.services.strategy import records
from tracker.services.workspace import Workspace
from tracker.storage.rows import TaskDetail
from tracker.tui.cells import clean
from tracker.tui.screens.forming import FormScreen, Values
from tracker.tui.widgets.form import Field, Kind, Option
from tracker.tui.widgets.form.fields import Value
from tracker.tui.widgets.painted import Line

GROUPS = ("key_result", "owner", "due_on", "estimate_low_h", "blocked_reason", "created_on")
"""Fields that a blank line goes before."""


@dataclass(frozen=True)
class TaskFormPicture:
    """A task and what its fields may hold."""

    detail: TaskDetail
    key_results: tuple[Option, ...]
    people: tuple[Option, ...]
    channels: tuple[Option, ...]
    stages: tuple[Option, ...]
    media: tuple[Option, ...]


def read_task_form(ws: Workspace, task: str) -> TaskFormPicture:
    """The task's fields and the options of its choices.

    Raises:
        NotFound: there is no such task.
    """
    detail, header = reads.task_detail(ws, task), read_header(ws)
    key_results = [Option(row.id, row.title, row.position) for row in header.key_results] if header else []
    if detail.card.key_result not in {option.value for option in key_results}:
        key_results.append(Option(detail.card.key_result))
    try:
        stages, media = words_of_strategy(ws)
    except Refused:
        stages, media = STAGES, MEDIA
    return TaskFormPicture(
        detail=detail,
        key_results=tuple(key_results),
        people=tuple(Option(person.id, person.name) for person in reads.people(ws)),
        channels=tuple(Option(str(row["id"]), str(row["name"])) for row in records(ws, "channel")),
        stages=_named(dict.fromkeys((*stages, detail.card.stage))),
        media=_named(dict.fromkeys((*media, detail.card.medium))),
    )


def _named(words: Mapping[str, object] | Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(word) for word in words)


def task_fields(picture: TaskFormPicture) -> list[Field]:
    """Every field of a task, in the order one thinks of them."""
    letters = ", ".join(f"{letter} {stage}" for stage, letter in STAGE_LETTERS.items())
    return [
        Field("title", "Title", is_required=True, hint="what is to be done"),
        Field("contribution", "Contribution", hint="how it moves the key result"),
        Field("notes", "Notes", Kind.LONG, hint="anything else; searched too"),
        Field("key_result", "Key result", Kind.CHOICE, "its digit, or letters of its title", picture.key_results, True),
        Field("also_serves", "Also serves", Kind.CHOICES, "further key results, commas between", picture.key_results),
        Field("stage", "Stage", Kind.CHOICE, letters, picture.stages, True),
        Field("kind", "Kind", Kind.CHOICE, "ongoing, or foundational: upkeep that stays", _named(KINDS), True),
        Field("medium", "Medium", Kind.CHOICE, ", ".join(each.value for each in picture.media), picture.media, True),
        Field("channel", "Channel", Kind.CHOICE, ", ".join(each.value for each in picture.channels), picture.channels),
        Field("journey_step", "Journey step", Kind.WHOLE, "0 is the goal, 1 the step before it"),
        Field("shows", "Shows", Kind.CHOICE, ", ".join(SHOWS), _named(SHOWS)),
        Field("goal_question", "Question", hint="what the reader asks that this answers"),
        Field("owner", "Owner", Kind.CHOICE, "two letters of a name", picture.people),
        Field("status", "Status", Kind.CHOICE, "on through the states, one step back", _named((*COLUMNS, "cancelled")),
              True),
        Field("priority", "Priority", Kind.CHOICE, "low, normal or high", _named(PRIORITIES), True),
        Field("due_on", "Due", Kind.DAY, "fri, +3d, 29, 2026-10-30"),
        Field("publish_on", "Publish", Kind.DAY, "the day people see it"),
        Field("recurs", "Repeats", Kind.RULE, "foundational work: every Monday, every month on the last day"),
        Field("estimate_low_h", "Estimate from", Kind.NUMBER, "hours"),
        Field("estimate_high_h", "Estimate to", Kind.NUMBER, "hours"),
        Field("cost_minor", "Cost", Kind.MONEY, "in the currency of the strategy"),
        Field("blocked_reason", "Blocked by", hint="what has to happen first; empty: not blocked"),
        Field("cancel_reason", "Cancelled for", hint="why; goes with the status cancelled"),
        Field("learned", "Learned", hint="what it taught"),
        Field("created_on", "Created", Kind.DAY, is_required=True),
        Field("assigned_on", "Assigned", Kind.DAY),
        Field("started_on", "Started", Kind.DAY),
        Field("review_on", "To review", Kind.DAY),
        Field("done_on", "Done", Kind.DAY),
        Field("blocked_on", "Blocked since", Kind.FIXED, "set with the reason"),
        Field("cancelled_on", "Cancelled on", Kind.FIXED, "set with the reason"),
        Field("series", "Series", Kind.FIXED, "the first of the tasks that come round after each other"),
        Field("rank", "Rank", Kind.FIXED, "{ and } on the board"),
        Field("added_mid_cycle", "Added mid-cycle", Kind.FIXED, "1: it came when the cycle was running"),
    ]  # fmt: skip


class TaskFormScreen(FormScreen):
    """All fields of one task."""

    def __init__(self, workspace: Workspace, task: str) -> None:
        super().__init__(workspace)
        self.task_id = task

    def heading(self) -> Line:
        """Which task it is."""
        name = clean(str(self.values.get("title") or "")[:2000])
        return ((" EDIT ", "head"), (f" {self.task_id} ", "here"), (f" {name}", "title"))

    def reader(self) -> Callable[[], TaskFormPicture]:
        """The task and what its fields may hold."""
        ws, task = self.workspace, self.task_id
        return lambda: read_task_form(ws, task)

    def fields(self, picture: TaskFormPicture) -> tuple[Sequence[Field], Values, Sequence[str]]:
        """Every field with what it holds."""
        return task_fields(picture), {**picture.detail.fields, "also_serves": picture.detail.also_serves}, GROUPS

    def save(self, changed: Mapping[str, Value], seen: Values) -> Callable[[], Outcome]:
        """One change of all fields together."""
        ws, task, fields = self.workspace, self.task_id, dict[str, object](changed)
        if "also_serves" in fields:
            fields["also_serves"] = [each for each in str(fields["also_serves"] or "").split(",") if each]
        return lambda: service.edit_tasks(ws, [task], fields, seen={task: seen})
