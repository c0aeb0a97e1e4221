"""What the user may set, in `settings.toml`; command-line options and environment variables come before it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tracker.domain.errors import WrongUsage

_T = TypeVar("_T")

THEMES = ("dark", "light", "high-contrast")

EXPLAINED: Mapping[str, str] = {
    "database": "file or URL of the workspace that is opened when --db names none",
    "person": "id of the person who acts when --as names none",
    "theme": "dark, light or high-contrast",
    "fold_header": "true: the board opens with the strategy header on one line",
    "keys": "table of command = key; several keys are separated by commas",
}
"""Every setting and what it means; the README is held against it by a test."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; a field for each key of the file."""

    database: str | None = None
    person: str | None = None
    theme: str = "dark"
    fold_header: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)


def read_settings(file: Path) -> Settings:
    """The settings in `file`; defaults where there is none.

    Raises:
        WrongUsage: the file cannot be read or holds a key or value that is not known.
    """
    # asked for with os: pathlib's stat is the same call, and no file is the usual case
    if not os.path.exists(file):
        return Settings()
    import tomllib  # imported here: 8 ms, and most people have no settings file

    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsage(f"{file} cannot be read as TOML: {error}. Mend it or move it away.") from error
    return _checked(values, file)


def _checked(values: Mapping[str, object], file: Path) -> Settings:
    for name in values:
        if name not in EXPLAINED:
            raise WrongUsage(f"{file}: {name!r} is no setting; known are {', '.join(EXPLAINED)}.")
    settings = Settings(
        database=_of_type(values, "database", str, file),
        person=_of_type(values, "person", str, file),
        theme=_of_type(values, "theme", str, file) or "dark",
        fold_header=bool(_of_type(values, "fold_header", bool, file)),
        keys=_of_type(values, "keys", dict, file) or {},
    )
    if settings.theme not in THEMES:
        raise WrongUsage(f"{file}: theme {settings.theme!r} is not known; choose {', '.join(THEMES)}.")
    for command, key in settings.keys.items():
        if not isinstance(key, str) or not key.strip():
            raise WrongUsage(f"{file}: keys.{command} must be the name of a key, like \"ctrl+n\".")
    return settings


def _of_type(values: Mapping[str, object], name: str, kind: type[_T], file: Path) -> _T | None:
    value = values.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise WrongUsage(f"{file}: {name} must be {kind.__name__}, not {value!r}.")
