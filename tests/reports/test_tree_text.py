"""The tree as text: cut to a width without losing what is special about a task, hostile titles as one line."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tracker.reports.ink import Ink
from tracker.reports.tree_text import tree_lines
from tracker.services import tasks
from tracker.services.outline import outline
from tracker.services.workspace import Workspace

PLAIN = Ink(colour=False)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_headings_and_tasks_fit_a_terminal(northlight: Workspace, width: int) -> None:
    tasks.edit_tasks(northlight, ["T-018"], {"title": "日本語 " * 60})
    lines = list(tree_lines(outline(northlight), width=width, ink=PLAIN))
    fitted = [line for line in lines if line.lstrip()[:2] in ("T-", "O-", "S-")]
    assert len(fitted) > 15
    assert [line for line in fitted if cell_len(line) > width] == []


def test_what_is_special_outlives_the_cut(northlight: Workspace) -> None:
    lines = list(tree_lines(outline(northlight), width=80, ink=PLAIN))
    assert next(line for line in lines if "T-026" in line).endswith(", late 5d")


def test_a_title_that_means_harm_is_one_line_of_letters(northlight: Workspace) -> None:
    northlight.store.connection.execute("UPDATE task SET title = 'a\x1b[2J\nb\u202ec' WHERE id = 'T-018'")
    line, = [line for line in tree_lines(outline(northlight), width=None, ink=PLAIN) if "T-018" in line]
    assert line.isprintable()


def test_without_a_running_cycle_it_says_so(northlight: Workspace) -> None:
    northlight.store.connection.execute("UPDATE cycle SET status = 'planned' WHERE status = 'active'")
    lines = list(tree_lines(outline(northlight), width=None, ink=PLAIN))
    assert lines[2].strip().startswith("No cycle is running")
    assert lines[3].strip() == "28 open tasks cite key results of other cycles."
