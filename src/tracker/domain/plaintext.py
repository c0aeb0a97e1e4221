"""Text from outside, made safe to keep and to draw: no control sequences, no invisible direction changes, one form.

Whatever a person pastes or a file brings goes through here before it is stored, so that no title can move a cursor,
turn a line round or hide words. What carries meaning stays: letters of every script, combining marks, emoji and the
joiners inside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from tracker.domain.errors import Refused

TITLE_LIMIT = 500
"""Characters in a title or any other single line."""
TEXT_LIMIT = 100_000
"""Characters in a note, a comment or any other text of several lines."""

# Patterns are text, compiled at first use: most commands need none, and compiling takes longer than the import.
# ECMA-48: operating system command, device control and the other strings with their terminator, then control
# sequences, then the two-character escapes. Possessive, so that a megabyte of openings costs one pass.
_ESCAPE_SEQUENCES = (
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x9c|\x1b\\)"
    r"|(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]?"
    r"|\x1b[ -/]*+[0-~]"
)
_UNSEEN = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are not white space, and the escape character
    "\u00ad\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width space, word joiner and the like
    "\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"  # direction overrides and isolates, annotation marks
    "\ud800-\udfff]"  # halves of a pair, which no encoding can write
)
_TAGS = "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]"
"""Tag characters spell the flags of England, Scotland and Wales; anywhere else they only hide text."""
_JOINERS = "\u200c\u200d"
_STRAY_JOINERS = r"(?<![^\x00-\x7f])[\u200c\u200d]+"
"""Zero-width joiners after nothing or after ASCII, where they join nothing."""
_LINE_ENDS = "\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"
_LEADING = rf"\A[\s{_JOINERS}]+"
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories that leave no mark; a code point newer than this Python's tables may well leave one."""
_MARKS_IN_A_ROW = 30
"""Combining marks on one letter; the limit of Unicode's stream-safe form (UAX 15). More only smear over the rows
above and below, and put in order in quadratic time."""
_COMPOSING = 4
"""Composing shortens a text by less than this factor, so a text longer than that is refused before the work."""
_APART = 4
"""The most characters that one becomes: a tab four, a letter that composing takes apart three (UAX 15)."""


def clean_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """`text` as one line: line breaks, tabs and runs of white space become one space; "" when nothing is visible.

    Raises:
        Refused: more than `limit` characters remain.
    """
    if text.isascii() and text.isprintable():
        line = " ".join(text.split())
    else:
        spaced = " ".join(_composed(text, limit).split())
        line = " ".join(_without_stray_joiners(spaced).split()).rstrip(_JOINERS)
        line = line if _has_visible(line) else ""
    return _within(line, limit)


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` with its lines kept: tabs become spaces, empty lines at its ends go; "" when nothing is visible.

    Raises:
        Refused: more than `limit` characters remain.
    """
    if not (text.isascii() and text.isprintable()):
        text = _without_stray_joiners(_composed(re.sub(_LINE_ENDS, "\n", text), limit))
    lines = "\n".join(line.expandtabs(4).rstrip() for line in text.split("\n")).rstrip()
    return _within(re.sub(_LEADING, "", lines, count=1) if _has_visible(lines) else "", limit)


def line_of(value: object, limit: int = TITLE_LIMIT) -> str:
    """One clean line of what a remote gave, cut where it is longer than `limit`; "" when it is no text."""
    return _cut(clean_line, value, limit)


def lines_of(value: object, limit: int = TEXT_LIMIT) -> str:
    """Clean lines of what a remote gave, cut where they are longer than `limit`; "" when it is no text."""
    return _cut(clean_text, value, limit)


def _cut(clean: Callable[[str, int], str], value: object, limit: int) -> str:
    text = value if isinstance(value, str) else ""
    try:
        return clean(text, limit)
    except Refused:
        # what was cut may become longer than the limit again
        return clean(clean(text[:limit], _APART * limit)[:limit], limit)


def _composed(text: str, limit: int) -> str:
    """`text` without what must not be kept, in Unicode's composed form."""
    seen = re.sub(_TAGS, r"\1", re.sub(_UNSEEN, "", re.sub(_ESCAPE_SEQUENCES, "", text)))
    if len(seen) > limit * _COMPOSING:
        _within(seen, limit)
    if not seen.isascii():
        seen = unicodedata.normalize("NFC", "".join(_without_smears(seen)))
    return seen


def _without_stray_joiners(text: str) -> str:
    """`text` of which a letter and a mark, no longer kept apart, are composed."""
    plain, found = re.subn(_STRAY_JOINERS, "", text)
    return unicodedata.normalize("NFC", plain) if found else text


def _without_smears(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_IN_A_ROW:
            yield character


def _has_visible(text: str) -> bool:
    return any(unicodedata.category(character) not in _INVISIBLE for character in text)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused(f"{text[:30] + '…'!r} is {len(text):,} characters long; {limit:,} is the limit. Shorten it.")
    return text


_FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]"
"""How a cell begins that a spreadsheet may run, or one that is already guarded: OWASP, "CSV Injection"."""
_NEGATIVE_NUMBER = r"-[0-9]+(?:[.,][0-9]+)?%?"


def csv_safe(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula: an apostrophe goes before it; negative numbers stay."""
    if re.match(_FORMULA, cell) and not re.fullmatch(_NEGATIVE_NUMBER, cell):
        return f"'{cell}"
    return cell


def csv_plain(cell: str) -> str:
    """What `csv_safe` was given: the inverse, for reading such a file back."""
    if cell.startswith("'") and re.match(_FORMULA, cell) and not re.fullmatch(_NEGATIVE_NUMBER, cell):
        return cell[1:]
    return cell
