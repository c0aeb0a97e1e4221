"""The wiring: from options, environment and settings to a workspace."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.clock import system_clock
from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.paths import default_database, settings_file
from tracker.services.workspace import Workspace, acting_person
from tracker.settings import Settings, read_settings
from tracker.storage.store import Store

if TYPE_CHECKING:
    from tracker.domain.remote import Adapter

__all__ = ["Workspace", "database_path", "open_adapter", "open_workspace"]


def open_workspace(
    database: str | None = None, *, today: date | None = None, person: str | None = None, create: bool = True
) -> Workspace:
    """The workspace that options, environment (TRACKER_DB, TRACKER_TODAY, TRACKER_PERSON) and settings name.

    Raises:
        WrongUsage: TRACKER_TODAY is no day, or the settings file cannot be used.
        NotFound: the person is not known.
        OutOfReach, Refused: the database cannot be opened.
    """
    settings = read_settings(settings_file())
    store = Store.open(database_path(database, settings), create=create)
    try:
        wanted = person or os.environ.get("TRACKER_PERSON") or settings.person
        actor = acting_person(store, wanted, _login())
    except BaseException:
        store.close()
        raise
    return Workspace(store, system_clock(today or _today_of_environment()), actor, settings)


def open_adapter(ws: Workspace, connection_id: str) -> Adapter:
    """The adapter of a connection with its token, ready to work; the caller closes it.

    Raises:
        NotFound: there is no such connection, or no package brings its kind.
        OutOfReach: it has no token, or the extra for sync is not installed.
    """
    # imported here: only sync needs them
    from tracker.plugins import adapter_kind
    from tracker.services.sync.connections import connection
    from tracker.tokens import find_token

    found = connection(ws, connection_id)
    kind = adapter_kind(found.settings.kind)
    return kind.open(find_token(found.id, found.settings.kind, ws.store.path), found.remote())


def database_path(database: str | None, settings: Settings) -> Path:
    """The file that an option, TRACKER_DB, the settings or the default place names.

    Raises:
        WrongUsage: it is a URL of a kind that is not known.
        OutOfReach: it is a PostgreSQL URL, which this version does not open.
    """
    named = database or os.environ.get("TRACKER_DB") or settings.database
    if not named:
        return default_database()
    scheme, separator, rest = named.partition("://")
    if not separator:
        return Path(named).expanduser()
    if scheme == "sqlite":
        return Path(rest.removeprefix("/")).expanduser()
    if scheme.startswith("postgres"):
        raise OutOfReach("PostgreSQL databases cannot be opened by this version yet; name a file with --db.")
    raise WrongUsage(f"{scheme}:// is no database that tracker knows; name a file or sqlite:///FILE.")


def _today_of_environment() -> date | None:
    text = os.environ.get("TRACKER_TODAY")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"TRACKER_TODAY={text!r} is not a day; write it as 2026-10-21.") from None


def _login() -> str:
    # getpass costs 2 ms of imports; the variables are the same ones it looks at
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if login := os.environ.get(name):
            return login
    return "somebody"
