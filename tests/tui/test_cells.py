"""Cutting text by cells."""

from __future__ import annotations

from rich.cells import cell_len

from tracker.tui.cells import clean, fit, harmless, share


def test_fit_is_exact_for_ascii_wide_and_combining_text() -> None:
    for text in ("short", "a long one that is cut", "戦略を立てる会議", "éééé", "🦄🦄🦄🦄🦄🦄", ""):
        for width in (1, 2, 5, 8, 30):
            assert cell_len(fit(text, width)) == width, (text, width)
            assert cell_len(fit(text, width, right=True)) == width, (text, width)


def test_a_megabyte_is_cut_without_being_read() -> None:
    assert fit("x" * 1_000_000, 10) == "xxxxxxxxx…"


def test_what_steers_a_terminal_is_taken_out() -> None:
    assert clean("a\x1b[2Jb\u202ec\u200bd\te\r\nf\x9bg\x7f\ufe0f") == "a[2Jbcd e  fg"


def test_characters_of_no_settled_width_are_drawn_as_others() -> None:
    assert clean("🇩🇪 👍🏽 ❤️ 👩‍👩‍👧") == "DE 👍 ❤ 👩👩👧"


def test_what_is_edited_keeps_its_joiners_and_lines_and_loses_what_steers() -> None:
    assert harmless("👩‍👩‍👧 ❤️\ta\x1b[2J\u202eb\n\x9bc\u00a0\U0001fae8") == "👩‍👩‍👧 ❤️ a[2Jb c\u00a0\U0001fae8"
    assert harmless("a\n\x07b\r\nc\rd\r\n", lines=True) == "a\nb\nc\nd\n"


def test_room_is_shared_so_that_short_texts_stay_whole() -> None:
    assert share([5, 100, 100], 65) == [5, 30, 30]
    assert share([5, 6], 100) == [5, 6]
    assert share([], 10) == []
    assert share([4, 4], -3) == [0, 0]
