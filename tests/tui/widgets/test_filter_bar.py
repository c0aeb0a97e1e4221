"""One line: the filter in words, what is selected, the stages where there is room."""

from __future__ import annotations

from tracker.tui.widgets.filter_bar.widget import Shown, filter_line, stage_pieces

STAGES = {"awareness": 10, "consideration": 7, "decision": 7, "conversion": 3, "enabling": 1}


def line(width: int, words: str = "all", hint: str = "", chosen: int = 0) -> str:
    return "".join(text for text, _ in filter_line(Shown(words, hint, chosen, STAGES), width))


def test_as_drawn() -> None:
    shown = line(120, hint="(1-8 key result, m mine, / text)")
    assert shown.startswith(" filter: all   (1-8 key result, m mine, / text)")
    assert shown.rstrip().endswith("A awareness 10  C consideration 7  D decision 7  $ conversion 3")


def test_narrow_terminals_get_the_letters_of_the_stages() -> None:
    assert line(80).rstrip().endswith("A 10  C 7  D 7  $ 3")


def test_the_number_of_selected_tasks_is_told() -> None:
    assert "3 selected" in line(80, chosen=3)


def test_a_long_search_is_cut_and_nothing_runs_over() -> None:
    for width in (60, 80, 120):
        assert len(line(width, words='"' + "x" * 500 + '"', chosen=12)) <= width


def test_inner_work_has_no_stage_of_a_customer() -> None:
    assert "enabling" not in "".join(text for text, _ in stage_pieces(STAGES, short=False))
