"""Where the tokens of connections are: in the environment, the system's keyring, or a file that is private.

A token is never in a database, a settings file, a message or a command's arguments. The keyring is asked by the
library of that name; where there is none that works, a file of mode 0600 in a folder of its own takes its place.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.paths import tokens_folder

if TYPE_CHECKING:
    from types import ModuleType

SERVICE = "strategy-tracker"
"""Under which name the keyring shows them."""


def keep_token(token: str, connection: str, database: Path) -> str:
    """Keep the token of a connection; says where, in words.

    Raises:
        WrongUsage: it is empty or holds what no token holds.
        OutOfReach: it can be kept nowhere.
    """
    checked = _checked(token)
    keyring = _keyring()
    if keyring is not None:
        try:
            keyring.set_password(SERVICE, _name(connection, database), checked)
        except Exception:  # backends fail with errors of their own systems; the file takes over
            keyring = None
    file = _file(connection, database)
    if keyring is not None:
        file.unlink(missing_ok=True)
        return "the system's keyring"
    _write_private(file, checked)
    return f"{file}, readable by you alone"


def find_token(connection: str, kind: str, database: Path) -> str:
    """The token of a connection: environment first, then keyring, then file.

    Raises:
        OutOfReach: there is none, or its file can be read by others.
    """
    variables = variables_of(connection, kind)
    for variable in variables:
        if token := os.environ.get(variable):
            return _checked(token)
    keyring = _keyring()
    if keyring is not None:
        try:
            kept = keyring.get_password(SERVICE, _name(connection, database))
        except Exception:  # as above
            kept = None
        if kept:
            return _checked(kept)
    file = _file(connection, database)
    if not file.is_file():
        raise OutOfReach(
            f"There is no token for {connection}. Set one with: tracker sync token {connection}; or put it into the "
            f"environment as {variables[0]}."
        )
    return _checked(_read_private(file))


def forget_token(connection: str, database: Path) -> None:
    """Remove the token of a connection from keyring and file; none is no error."""
    keyring = _keyring()
    if keyring is not None:
        try:
            keyring.delete_password(SERVICE, _name(connection, database))
        except Exception:  # there was none, or the keyring is locked: then nothing of ours is readable there
            keyring = None
    _file(connection, database).unlink(missing_ok=True)


def variables_of(connection: str, kind: str) -> tuple[str, str]:
    """The environment variables a token may be in: of this connection, of every connection of the kind."""
    return (f"TRACKER_TOKEN_{_upper(connection)}", f"TRACKER_{_upper(kind)}_TOKEN")


def _upper(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _checked(token: str) -> str:
    token = token.strip()
    if not token or len(token) > 4096 or not token.isascii() or not token.isprintable() or " " in token:
        raise WrongUsage("That is no token: one line of letters, digits and signs is expected.")
    return token


def _name(connection: str, database: Path) -> str:
    return f"{connection} of {database.resolve()}"


def _file(connection: str, database: Path) -> Path:
    place = hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:12]
    return tokens_folder() / f"{_upper(connection).lower()}-{place}"


def _keyring() -> ModuleType | None:
    """The keyring library with a backend that keeps things; None without one."""
    try:
        import keyring  # imported here: 60 ms, and only sync needs it
        from keyring.backends import fail, null
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
    except Exception:  # a broken configuration of the keyring is the same as none
        return None
    return None if isinstance(backend, fail.Keyring | null.Keyring) else keyring


def _write_private(file: Path, token: str) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        begun = file.with_name(file.name + ".new")
        begun.unlink(missing_ok=True)
        with os.fdopen(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
            out.write(token)
        begun.replace(file)
    except OSError as error:
        raise OutOfReach(f"The token cannot be kept in {file}: {error.strerror or error}.") from error


def _read_private(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise OutOfReach(f"{file} can be read by others; make it yours alone with: chmod 600 {file}")
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise OutOfReach(f"The token in {file} cannot be read ({error}); set it again.") from error
