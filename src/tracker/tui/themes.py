"""Three themes and one for terminals without colour, and the inks that lines are painted with.

An ink is a role ("muted", "late") on a ground ("", "cursor"). Meaning never rests on an ink: a sign, a word or a
place says the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="tracker-dark",
    primary="#6ea8fe",
    secondary="#b8a1f2",
    accent="#7cc4d6",
    warning="#e3b35f",
    error="#f2777a",
    success="#8ccb8b",
    foreground="#d5dae3",
    background="#11141a",
    surface="#171b23",
    panel="#1f2530",
)
LIGHT = Theme(
    name="tracker-light",
    primary="#2a5db0",
    secondary="#6a4bb5",
    accent="#12687c",
    warning="#8a5a00",
    error="#b3261e",
    success="#2c7336",
    foreground="#171a20",
    background="#fcfbf8",
    surface="#f2f0ea",
    panel="#e6e3da",
    dark=False,
)
CONTRAST = Theme(
    name="tracker-contrast",
    primary="#5cc8ff",
    secondary="#e0b0ff",
    accent="#ffff00",
    warning="#ffd000",
    error="#ff7b7b",
    success="#5dff7f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#262626",
)
PLAIN = Theme(
    name="tracker-plain",
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    warning="ansi_default",
    error="ansi_default",
    success="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-text-style": "underline",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-foreground": "ansi_default",
        "input-selection-background": "ansi_default",
        "screen-selection-foreground": "ansi_default",
        "screen-selection-background": "ansi_default",
    },
    ansi=True,
)
"""Colours of the terminal itself; what NO_COLOR gets, marked by bold, dim, underline and reverse alone."""

THEMES = (DARK, LIGHT, CONTRAST, PLAIN)
NAMES = {"dark": DARK.name, "light": LIGHT.name, "high-contrast": CONTRAST.name}
"""What the settings call them; PLAIN is what NO_COLOR asks for."""

ROLES: Mapping[str, tuple[str, float, str]] = {
    # role: theme colour, its strength over the ground, attributes
    "text": ("foreground", 0.92, ""),
    "title": ("foreground", 1.0, "bold"),
    "muted": ("foreground", 0.62, "dim"),
    "faint": ("foreground", 0.42, "dim"),
    "rule": ("foreground", 0.22, "dim"),
    "accent": ("accent", 1.0, ""),
    "key": ("primary", 1.0, "bold"),
    "head": ("foreground", 1.0, "bold"),
    "here": ("primary", 1.0, "bold"),
    "good": ("success", 1.0, ""),
    "warn": ("warning", 1.0, ""),
    "bad": ("error", 1.0, ""),
    "late": ("error", 1.0, "bold"),
    "soon": ("warning", 1.0, ""),
    "old": ("warning", 1.0, "underline"),
    "cut": ("warning", 1.0, "underline"),
    "stale": ("secondary", 1.0, ""),
    "mark": ("primary", 1.0, "bold"),
    "typed": ("foreground", 1.0, ""),
    "caret": ("foreground", 1.0, "reverse"),
}
GROUNDS: Mapping[str, tuple[str, float]] = {
    # ground: theme colour, its strength over the background
    "": ("background", 1.0),
    "cursor": ("primary", 0.24),
    "chosen": ("primary", 0.11),
    "drop": ("accent", 0.22),
    "panel": ("surface", 1.0),
    "input": ("panel", 1.0),
}
PLAIN_GROUNDS = {"cursor": "reverse", "drop": "reverse"}


_mixed: dict[tuple[str, str, str], Style] = {}


def ink(role: str, ground: str, theme: Theme) -> Style:
    """The style of `role` on `ground` in `theme`."""
    key = (role, ground, theme.name)
    style = _mixed.get(key)
    if style is None:
        style = _mixed[key] = _mix(role, ground, theme)
    return style


def _colors(theme: Theme) -> dict[str, str]:
    names = {color for color, *_ in ROLES.values()} | {color for color, _ in GROUNDS.values()}
    colors = {name: getattr(theme, name) for name in names}
    given = theme.to_color_system().generate() if None in colors.values() else {}
    return {name: value or given.get(name, "ansi_default") for name, value in colors.items()}


def _mix(role: str, ground: str, theme: Theme) -> Style:
    colors = _colors(theme)
    color_name, strength, attributes = ROLES[role]
    if theme.ansi or colors["background"].startswith("ansi_"):
        return Style.parse(f"{attributes} {PLAIN_GROUNDS.get(ground, '')}".strip() or "none")
    ground_name, depth = GROUNDS[ground]
    below = Color.parse(colors["background"]).blend(Color.parse(colors[ground_name]), depth)
    color = below.blend(Color.parse(colors[color_name]), strength)
    shown = " ".join(word for word in attributes.split() if word != "dim")  # dimming is mixed into the colour
    return Style.from_color(color.rich_color, below.rich_color) + Style.parse(shown or "none")
