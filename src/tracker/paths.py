"""Where files go: the XDG places on Linux, their counterparts on macOS and Windows."""

from __future__ import annotations

from pathlib import Path

# platformdirs is imported where it is needed: a command that names its database needs no place of ours

_NAME = "tracker"


def default_database() -> Path:
    """The database that is used when none is named."""
    from platformdirs import user_data_path

    return user_data_path(_NAME, appauthor=False) / "tracker.sqlite3"


def settings_file() -> Path:
    """The settings the user may write."""
    from platformdirs import user_config_path

    return user_config_path(_NAME, appauthor=False) / "settings.toml"


def tokens_folder() -> Path:
    """Where tokens are kept that no keyring takes."""
    from platformdirs import user_data_path

    return user_data_path(_NAME, appauthor=False) / "tokens"


def crash_log() -> Path:
    """Where an error of ours leaves its traceback."""
    from platformdirs import user_state_path

    return user_state_path(_NAME, appauthor=False) / "crash.log"
