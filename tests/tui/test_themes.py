"""Inks can be read in every theme, and without colour by their attributes."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tracker.settings import THEMES as SETTING_NAMES
from tracker.tui.themes import CONTRAST, DARK, GROUNDS, LIGHT, NAMES, PLAIN, ROLES, ink

COLOURED = [DARK, LIGHT, CONTRAST]
QUIET = {"rule", "faint"}
"""Inks of lines and of what stands elsewhere too."""


def contrast(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    light, dark = sorted(
        (_luminance(Color.from_rich_color(each)) for each in (style.color, style.bgcolor)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    """Relative luminance as WCAG 2 reckons it."""
    parts = [each / 255 for each in (color.r, color.g, color.b)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", sorted(set(ROLES) - QUIET))
def test_words_stand_out_from_their_ground(theme: Theme, ground: str, role: str) -> None:
    assert contrast(ink(role, ground, theme)) >= (7 if theme is CONTRAST and role == "text" else 3)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_text_meets_the_usual_contrast(theme: Theme) -> None:
    assert contrast(ink("text", "", theme)) >= 7
    assert contrast(ink("muted", "", theme)) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", ROLES)
def test_without_colour_no_ink_has_one(ground: str, role: str) -> None:
    style = ink(role, ground, PLAIN)
    assert style.color is None
    assert style.bgcolor is None


def test_without_colour_the_cursor_is_reversed() -> None:
    assert ink("text", "cursor", PLAIN).reverse
    assert not ink("text", "", PLAIN).reverse


def test_every_theme_of_the_settings_exists() -> None:
    assert set(NAMES) == set(SETTING_NAMES)
