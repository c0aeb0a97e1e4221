"""Text from outside is safe to keep and to draw, and loses nothing that carries meaning."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.domain.errors import Refused
from tracker.domain.plaintext import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    clean_line,
    clean_text,
    csv_plain,
    csv_safe,
    line_of,
    lines_of,
)

HOSTILE = st.text(
    st.sampled_from("\x1b\x9b\x9d\x90\x07\x9c[]P0;m\\ \t\r\n\x85\u2028a\u0301é가\u0bcd\u200c\u200d\u200b\u202e"
                    "\u2066\ufeff\u00a0\u3000\ud800\U0001f3f4\U000e0067\U000e007f😀\u0344\u212a\x00\x7f=+-@'")
)
"""Text in which what must go and what must stay stand next to each other in every order."""
DIRECTIONS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]0;new title\x07shown", "shown"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d52;c;cGFzdGU=\x9cshown", "shown"),
        ("\x1bP1$r0m\x1b\\shown", "shown"),
        ("\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\shown", "shown"),
        ("\x1b(0shown\x1b(B", "shown"),
        ("\x1bcshown", "shown"),
        ("\x1b]0;never ended", "0;never ended"),
        ("cut off\x1b[38;5", "cut off"),
        ("\x1b", ""),
        ("\x1b\x1b[0m[31mnested", "[31mnested"),
        ("null\x00 bell\x07 back\x08 del\x7f", "null bell back del"),
        ("a\r\nb\nc\rd\te\x0bf\x0cg\x85h\u2028i\u2029j", "a b c d e f g h i j"),
        ("  many   spaces\u00a0\u3000here ", "many spaces here"),
        ("\u202egnp.exe\u202c \u2066isolated\u2069", "gnp.exe isolated"),
        ("zero\u200bwidth\ufeff and\u00ad\u2060 soft", "zerowidth and soft"),
        ("half \ud83d of a pair \udc80", "half of a pair"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("a\u200db \u200cc", "ab c"),
        ("cafe\u0301", "café"),
        ("[red]markup[/red] stays", "[red]markup[/red] stays"),
    ],
)
def test_a_line_is_safe_to_draw(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize("direction", sorted(DIRECTIONS))
def test_nothing_turns_a_line_round(direction: int) -> None:
    assert clean_line(f"invoice{chr(direction)}gpj.exe") == "invoicegpj.exe"


@pytest.mark.parametrize(
    "text",
    [
        "שלום עולם",
        "مرحبا بالعالم",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d👩\u200d👧\u200d👦 family",
        "🏴\u200d☠️ pirates",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f wins",
        "1\ufe0f\u20e3 first",
        "日本語のタイトル",
        "x\u0330\u0302",
        "100 % – “quoted” … €",
        "\ue0b0 private use",
        "\U0002ffff",
    ],
)
def test_what_carries_meaning_stays(text: str) -> None:
    assert clean_line(text) == text
    assert clean_text(text) == text


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x1b[31m\x1b[0m", "\u200b\u200d\ufeff", "\u200e\u200f", "\u00a0"])
def test_text_without_anything_visible_is_empty(text: str) -> None:
    assert clean_line(text) == ""
    assert clean_text(text) == ""


def test_a_line_over_the_limit_is_refused_with_its_length_and_the_limit() -> None:
    assert clean_line("x" * TITLE_LIMIT) == "x" * 500
    with pytest.raises(Refused, match=r"'x{30}…' is 501 characters long; 500 is the limit"):
        clean_line("x" * 501)


def test_the_limit_counts_what_is_kept() -> None:
    assert len(clean_line("\x1b[31m" * 1_000 + "e\u0301" * 500)) == 500


def test_a_text_over_the_limit_is_refused_with_its_length_and_the_limit() -> None:
    assert len(clean_text("y" * TEXT_LIMIT)) == TEXT_LIMIT
    with pytest.raises(Refused, match="is 100,001 characters long; 100,000 is the limit"):
        clean_text("y" * 100_001)


@pytest.mark.parametrize(
    "piece",
    ["\x1b]", "\x1b[1;", "\x9d", "\x1bP\x1b", "a\u0316\u0301", "\u0316\u0301", "\U0001f3f4\U000e0067", "\u200d", " "],
)
def test_a_megabyte_of_anything_gets_an_answer(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    for clean in (clean_line, clean_text):
        try:
            answer = clean(text)
        except Refused as refusal:
            answer = str(refusal)
        assert len(answer) < 500


def test_marks_piled_on_one_letter_are_cut_to_what_a_row_can_hold() -> None:
    assert len(clean_line("z" + "\u0334" * 400)) == 31


def test_a_text_keeps_its_lines() -> None:
    assert clean_text("\n\n first\r\n\tsecond \x1b[1mbold\x1b[0m  \r\rlast\u2028line\n \n") == (
        "first\n    second bold\n\nlast\nline"
    )


@given(st.one_of(st.text(), HOSTILE))
@example("\u00a0\u200d\u00a0a")
@example("é\u00a0\u200dé")
@example("a \u200d b\u200d\u3000\u200c")
@example("a\x1fb")
@example("A\u200c\u0300")
def test_cleaning_again_changes_nothing(text: str) -> None:
    line = clean_line(text, 10_000)
    assert clean_line(line, 10_000) == line
    lines = clean_text(text, 10_000)
    assert clean_text(lines, 10_000) == lines


@given(st.one_of(st.text(), HOSTILE))
def test_no_control_direction_or_half_character_survives(text: str) -> None:
    line, lines = clean_line(text, 10_000), clean_text(text, 10_000)
    for character in line + lines.replace("\n", ""):
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert ord(character) not in DIRECTIONS
    assert "  " not in line
    assert line == line.strip()
    assert unicodedata.is_normalized("NFC", line)
    line.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_visible_text_is_only_composed(text: str) -> None:
    assert clean_line(text, 10_000) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+49 30 123", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "-1e5", "＝1+1", "=cmd|' /C calc'!A0"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert csv_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "plain", "-5", "-0.47", "-3,5", "-12%", "1+1", "a=b", "'quoted'", "2026-10-21"])
def test_cells_that_are_no_formula_stay_as_they_are(cell: str) -> None:
    assert csv_safe(cell) == cell


@given(st.one_of(st.text(), st.text(st.sampled_from("='-+@ 1a\t"))))
def test_a_guarded_cell_reads_back_as_it_was_and_starts_no_formula(cell: str) -> None:
    safe = csv_safe(cell)
    assert csv_plain(safe) == cell
    assert safe[:1] not in set("=+@\t\r") or not safe
    written = io.StringIO()
    csv.writer(written).writerow([safe, "end"])
    assert next(csv.reader(io.StringIO(written.getvalue(), newline="")))[0] == safe


@given(st.one_of(st.none(), st.integers(), st.text(), st.text("\u0958\u0344 a\u0301\u200d\x1b[2J\n\t", min_size=20)))
@example("\u0958" * 21)
@example("\U0001d160" * 21)
@example("a b" * 40)
@example("a\t" * 40)
def test_what_a_remote_gives_is_cut_and_clean_and_never_refused(value: object) -> None:
    for taken, clean in ((line_of(value, 20), clean_line), (lines_of(value, 20), clean_text)):
        assert len(taken) <= 20
        assert clean(taken) == taken
        if isinstance(value, str) and len(clean(value)) <= 20:
            assert taken == clean(value)
        assert isinstance(value, str) or taken == ""
