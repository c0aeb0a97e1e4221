"""Plots: as large as asked for, nothing of the library's escapes left, each role where its marks are."""

from __future__ import annotations

import pytest

from tracker.reports.plots import Axes, Line, Series, bars, plot, ticks, whole_ticks


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


AXES = Axes((0, 10), (0, 5), {0: "start", 10: "end"}, {0: "0", 5: "5"})


@pytest.mark.parametrize(("width", "height"), [(16, 4), (40, 10), (200, 60)])
def test_a_plot_has_the_size_that_was_asked_for(width: int, height: int) -> None:
    lines = text_of(plot([Series([0, 5, 10], [1, 5, 2], "o", "good")], AXES, width, height))
    assert len(lines) == height
    assert {len(line) for line in lines} == {width}
    assert "\x1b" not in "".join(lines)
    assert "".join(lines).count("o") == 3


@pytest.mark.parametrize(("width", "height"), [(15, 10), (40, 3), (0, 0), (-4, 8)])
def test_too_little_room_draws_nothing(width: int, height: int) -> None:
    assert plot([Series([0], [1], "o", "good")], AXES, width, height) == []


def test_marks_carry_the_role_of_their_series_and_labels_that_of_axes() -> None:
    series = [Series([0, 10], [2, 2], "-", "warn", "line"), Series([5], [4], "x", "bad")]
    pieces = [piece for line in plot(series, AXES, 40, 10) for piece in line]
    assert {role for text, role in pieces if "x" in text} == {"bad"}
    assert {role for text, role in pieces if "-" in text} == {"warn"}
    assert {role for text, role in pieces if "start" in text or "end" in text} == {"faint"}


def test_later_series_are_drawn_over_earlier_ones() -> None:
    series = [Series([0, 10], [2, 2], "-", "warn", "line"), Series([0, 10], [2, 2], "=", "bad", "line")]
    drawn = "".join(text_of(plot(series, AXES, 40, 10)))
    assert "=" in drawn
    assert "-" not in drawn


def test_a_series_without_points_is_left_out() -> None:
    assert len(plot([Series([], [], "o", "good"), Series([1], [1], "x", "bad")], AXES, 40, 10)) == 10


def test_one_plot_leaves_nothing_behind_for_the_next() -> None:
    alone = plot([Series([1], [1], "x", "bad")], AXES, 40, 10)
    plot([Series([*range(10)], [*range(10)], "o", "good", "area")], Axes((0, 99), (0, 99), {}, {50: "half"}), 80, 20)
    assert plot([Series([1], [1], "x", "bad")], AXES, 40, 10) == alone


@pytest.mark.parametrize("width", [5, 20, 60, 200])
@pytest.mark.parametrize("count", [1, 2, 7, 31, 365])
def test_ticks_have_both_ends_and_room(width: int, count: int) -> None:
    labels = [f"{number} Oct" for number in range(count)]
    found = ticks(0, count - 1, labels, width)
    assert found[0] == labels[0]
    assert found[max(found)] == labels[-1]
    assert len(found) <= max(2, width // 7)


@pytest.mark.parametrize(
    ("top", "labels"), [(1, "0 1"), (9, "0 2 4 6 8"), (46, "0 10 20 30 40"), (1234, "0 500 1,000")]
)
def test_ticks_of_counts_are_round(top: int, labels: str) -> None:
    assert " ".join(whole_ticks(top, 12).values()) == labels


@pytest.mark.parametrize("width", [30, 57, 98])
def test_bars_are_alike_wide_and_as_high_as_their_values(width: int) -> None:
    values = [1, 0, 3, 3, 2, 0, 0]
    lines = text_of(bars(values, [f"{day} Oct" for day in range(1, 8)], "#", "good", width, 11))
    filled = [[line[at] == "#" for line in lines[:-1]].count(True) for at in range(width)]
    runs = "".join(str(min(each, 9)) if each else " " for each in filled).split()
    assert [set(run) for run in runs] == [{run[0]} for run in runs]
    assert len({len(run) for run in runs}) == 1
    heights = [int(run[0]) for run in runs]
    assert heights[1] == heights[2] > heights[3] > heights[0] > 0


def test_bars_of_nothing_are_not_drawn() -> None:
    assert bars([0, 0], ["a", "b"], "#", "good", 40, 10) == []
    assert bars([], [], "#", "good", 40, 10) == []


def test_labels_are_the_same_in_every_run() -> None:
    labels = [f"{day} Oct" for day in range(1, 20)]
    axes = Axes((0, 18), (0, 5), ticks(0, 18, labels, 91), {0: "0", 5: "5"})
    last = text_of(plot([Series([0, 18], [1, 2], "o", "good")], axes, 97, 5))[-1]
    assert last.lstrip().startswith("1 Oct ")
    assert last.endswith(" 19 Oct")
