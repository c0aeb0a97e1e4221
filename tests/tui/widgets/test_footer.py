"""As many keys as fit, help and quit always."""

from __future__ import annotations

import pytest

from tracker.tui.commands import COMMANDS, footer_words
from tracker.tui.widgets.footer.widget import key_lines
from tracker.tui.widgets.painted import width_of


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("count", [1, 2])
def test_the_lines_fit_and_end_with_help_and_quit(width: int, count: int) -> None:
    lines = key_lines(footer_words({}), width, count)
    assert len(lines) == count
    assert all(width_of(line) <= width for line in lines)
    assert "".join(text for text, _ in lines[-1]).rstrip().endswith("? help  q quit")


def test_wide_terminals_show_every_key() -> None:
    words = footer_words({})
    shown = "".join(text for line in key_lines(words, 200, 2) for text, _ in line)
    assert all(f"{keys} {word}" in shown for keys, word in words)


def test_neighbours_with_one_word_share_it() -> None:
    words = {word: keys for keys, word in footer_words({})}
    assert words["move"] == "j/k"
    assert words["status"] == "> <"
    assert words["filter"] == "1-9"


def test_a_remapped_key_is_shown_by_its_new_name() -> None:
    assert ("Ctrl+N/k", "move") in footer_words({"down": "ctrl+n,f2"})


def test_every_footer_word_belongs_to_a_command() -> None:
    assert {word for _, word in footer_words({})} == {command.footer for command in COMMANDS if command.footer}
