"""One run of a connection at a time, whichever process it is in: two could make the same task."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.domain.errors import OutOfReach, Refused


@contextmanager
def one_run(database: Path, connector: str) -> Iterator[None]:
    """Hold the lock of a connection; the system lets go of it whatever way the process ends.

    Raises:
        Refused: another run holds it.
        OutOfReach: no file can be made beside the database.
    """
    path = database.with_name(f"{database.name}.sync-{connector}.lock")
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise OutOfReach(f"{path} cannot be made: {error.strerror or error}.") from error
    try:
        try:
            _lock(file)
        except OSError:
            raise Refused(f"Another run of {connector} is at work; wait for its end, or stop it first.") from None
        yield
    finally:
        os.close(file)  # lets go of the lock; the file stays, as taking it away would let two in


def _lock(file: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
