"""A quick-add line as a task to be made: what the words name is looked up."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tracker.domain.errors import Refused, WrongUsage
from tracker.domain.quickadd import parse_quick_add
from tracker.domain.tasks import MEDIA, STAGES
from tracker.services.lookup import open_key_results, resolve_channel, resolve_key_result, resolve_person
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage import strategy_rows

_STAND_IN = "…"
"""Stands where the title would, to read a line that need not have one."""


def task_of_line(ws: Workspace, line: str, *, key_result: str | None = None, title: str | None = None) -> NewTask:
    """The task that `line` describes, for `add_task` or `promote`.

    `key_result` is the id that is cited when the line names none, `title` what the task is called when the line says
    no title of its own.

    Raises:
        WrongUsage: the line cannot be read, or no key result is known; the message lists the open ones.
        NotFound: the owner, key result or channel is not known.
        Refused: there is no active strategy.
    """
    stages, media = words_of_strategy(ws)
    read = parse_quick_add(line if title is None else f"{_STAND_IN} {line}", ws.clock.today, stages=stages, media=media)
    own_title = read.title if title is None else read.title.removeprefix(_STAND_IN).strip() or title
    cited = resolve_key_result(ws, read.key_result) if read.key_result else key_result
    if cited is None:
        raise WrongUsage(_which_key_result(ws))
    return NewTask(
        title=own_title,
        key_result=cited,
        contribution=read.contribution or None,
        stage=read.stage,
        medium=read.medium,
        channel=resolve_channel(ws, read.channel) if read.channel else None,
        owner=resolve_person(ws, read.owner) if read.owner else None,
        priority=read.priority,
        due_on=read.due_on,
        estimate_low_h=read.estimate_low_h,
        estimate_high_h=read.estimate_high_h,
    )


def words_of_strategy(ws: Workspace) -> tuple[Sequence[str], Sequence[str]]:
    """The stages and media of the active strategy; the ones everybody has where it gives none.

    Raises:
        Refused: there is no active strategy.
    """
    with ws.store.reading() as connection:
        strategy = strategy_rows.active_strategy(connection)
    if strategy is None:
        raise Refused("There is no active strategy yet. Run `tracker init` (or `tracker`) first; keep it as an idea "
                      "meanwhile with: tracker idea add TITLE")
    return _own(strategy["stages"], STAGES), _own(strategy["media"], MEDIA)


def _own(stored: object, usual: Sequence[str]) -> Sequence[str]:
    """The strategy's own list and the word for none of them."""
    own = json.loads(stored) if isinstance(stored, str) else None
    return (*own, usual[-1]) if own else usual


def _which_key_result(ws: Workspace) -> str:
    with ws.store.reading() as connection:
        listed = open_key_results(connection)
    lines = [f"  kr:{number}  {title} ({id_})" for number, id_, title in listed]
    if not lines:
        return "A task cites a key result, and there is none yet; see tracker kr add --help."
    asked = "A task cites a key result; add kr: and the number, id or a few letters of one of these:"
    return "\n".join([asked, *lines])
