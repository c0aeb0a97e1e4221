"""The command tree: help, examples, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.cli.conftest import Run

from tracker.cli.tree import COMMANDS, build


def every_command() -> Iterator[tuple[str, ...]]:
    """Every command, and every command of a group, by its words."""
    for name, entry in COMMANDS.items():
        yield (name,)
        if entry.is_group:
            yield from ((name, verb) for verb in build(name).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_has_a_help_with_a_working_example_line(tracker: Run, words: tuple[str, ...]) -> None:
    answer = tracker(*words, "--help")
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"Usage: tracker {' '.join(words)}")
    examples = answer.out.partition("Example:\n")[2]
    assert re.search(rf"^ +tracker {' '.join(words)}\b", examples, re.M)


def test_every_option_says_what_it_does(tracker: Run) -> None:
    for words in every_command():
        for line in tracker(*words, "--help").out.partition("Options:\n")[2].partition("\n\n")[0].splitlines():
            assert re.search(r"^  (-|   )", line), f"{words}: {line}"
            assert len(line.split("  ")) > 1, f"{words}: {line}"


def test_the_help_of_the_program_lists_every_command_in_its_section(tracker: Run) -> None:
    out = tracker("--help").out
    for section in ("Every day:", "Strategy:", "Around it:"):
        assert section in out
    for name, entry in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(entry.summary.split()[0])}", out, re.M)


def test_a_mistyped_command_is_told_what_it_may_have_been(tracker: Run) -> None:
    answer = tracker("lst")
    assert answer.code == 2
    assert "Did you mean list?" in answer.err


def test_an_unknown_option_is_wrong_usage(tracker: Run) -> None:
    answer = tracker("list", "--nope")
    assert answer.code == 2
    assert "--nope" in answer.err


def test_the_options_of_every_command_may_stand_anywhere(tracker: Run, northlight_path: object) -> None:
    for words in (
        ("--db", str(northlight_path), "--today", "2026-10-19", "list", "late"),
        ("list", f"--db={northlight_path}", "late", "--today", "2026-10-19"),
    ):
        assert len(tracker(*words).out.splitlines()) == 4


def test_words_behind_a_double_dash_are_taken_as_they_are(cli: Run) -> None:
    assert cli("comment", "26", "--", "--db", "is", "an", "option").code == 0
    assert cli("show", "26", "--json").json["tasks"][0]["comments"][-1]["body"] == "--db is an option"


def test_an_option_without_its_value_is_wrong_usage(tracker: Run) -> None:
    answer = tracker("list", "--today")
    assert answer.code == 2
    assert "--today wants a value" in answer.err
