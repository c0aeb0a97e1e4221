"""What a field of a form takes."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.errors import WrongUsage
from tracker.tui.widgets.form.fields import Field, Kind, Option, note, read, written

TODAY = date(2026, 10, 19)
PEOPLE = (Option("mara", "Mara Okafor"), Option("marek", "Marek Novak"), Option("lena", "Lena Fischer"))
KEY_RESULTS = (Option("KR-05", "Signed clients", 1), Option("KR-06", "Calls booked", 2))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.TEXT, " a b ", "a b"),
        (Kind.LONG, "a\n b\n", "a\n b"),
        (Kind.DAY, "fri", "2026-10-23"),
        (Kind.DAY, "-", None),
        (Kind.WHOLE, "7", 7),
        (Kind.NUMBER, "2,5", 2.5),
        (Kind.DECIMAL, "0.10", "0.10"),
        (Kind.MONEY, "12.50", 1250),
        (Kind.MONEY, "12,50", 1250),
        (Kind.MONEY, "1 200", 120000),
        (Kind.MONEY, "1,234.50", 123450),
        (Kind.FLAG, "y", 1),
        (Kind.FLAG, "no", 0),
        (Kind.TEXT, "  ", None),
        (Kind.WHOLE, "", None),
    ],
)
def test_what_is_typed_is_read(kind: Kind, typed: str, value: object) -> None:
    assert read(Field("x", "X", kind), typed, TODAY) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.WHOLE, "2.5"), (Kind.WHOLE, "a"), (Kind.NUMBER, "nan"), (Kind.DECIMAL, "inf"), (Kind.MONEY, "0.001"),
        (Kind.DAY, "31 nov"), (Kind.FLAG, "perhaps"), (Kind.NUMBER, "1" * 5 + "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(kind: Kind, typed: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        read(Field("x", "X", kind), typed, TODAY)
    assert typed[:10] in str(refused.value)


def test_what_is_needed_cannot_be_left_empty() -> None:
    with pytest.raises(WrongUsage, match="Title is needed"):
        read(Field("title", "Title", is_required=True), "  ", TODAY)


@pytest.mark.parametrize(
    ("options", "typed", "value"),
    [
        (PEOPLE, "lena", "lena"), (PEOPLE, "LE", "lena"), (PEOPLE, "fisch", "lena"), (PEOPLE, "mara", "mara"),
        (PEOPLE, "novak", "marek"), (KEY_RESULTS, "2", "KR-06"), (KEY_RESULTS, "kr-05", "KR-05"),
        (KEY_RESULTS, "booked", "KR-06"), (PEOPLE, "-", None), (PEOPLE, "kafo", "mara"),
    ],
)  # fmt: skip
def test_a_choice_is_named_by_number_id_or_letters(options: tuple[Option, ...], typed: str, value: object) -> None:
    assert read(Field("x", "Owner", Kind.CHOICE, options=options), typed, TODAY) == value


def test_a_choice_that_may_be_several_says_which() -> None:
    with pytest.raises(WrongUsage, match="can be mara Mara Okafor or marek Marek Novak"):
        read(Field("x", "Owner", Kind.CHOICE, options=PEOPLE), "mar", TODAY)
    with pytest.raises(WrongUsage, match="There is no owner 'zoe'; there are: mara"):
        read(Field("x", "Owner", Kind.CHOICE, options=PEOPLE), "zoe", TODAY)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [(Kind.MONEY, 1250, "12.50"), (Kind.MONEY, 120000, "1200"), (Kind.FLAG, 1, "yes"), (Kind.FLAG, 0, "no"),
     (Kind.NUMBER, 2.5, "2.5"), (Kind.NUMBER, 3.0, "3"), (Kind.TEXT, None, ""), (Kind.LIST, ["a", "b"], "a, b")],
)  # fmt: skip
def test_a_stored_value_is_written_so_that_it_reads_as_itself(kind: Kind, value: object, text: str) -> None:
    field = Field("x", "X", kind)
    assert written(field, value) == text
    if kind is not Kind.LIST:
        assert read(field, text, TODAY) == value


def test_the_note_says_what_was_understood() -> None:
    assert note(Field("x", "Due", Kind.DAY), "fri", TODAY) == ("Fri 23 Oct", False)
    assert note(Field("x", "Owner", Kind.CHOICE, options=PEOPLE), "le", TODAY) == ("lena Lena Fischer", False)
    assert note(Field("x", "Key result", Kind.CHOICE, options=KEY_RESULTS), "2", TODAY) == ("2 Calls booked", False)
    assert note(Field("x", "Title", hint="a few words"), "abc", TODAY) == ("a few words", False)
    words, is_wrong = note(Field("x", "Places", Kind.WHOLE), "many", TODAY)
    assert is_wrong
    assert "no number" in words
