"""Opening a file that somebody named, so that it can be read more than once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO

from tracker.domain.errors import OutOfReach, WrongUsage
from tracker.domain.plaintext import clean_line

_CHUNK_BYTES = 1 << 18


def shown(path: Path) -> str:
    """The path as messages and the history name it; any bytes may stand in the name of a file."""
    return clean_line(str(path), 5_000) or "the file"



def open_for_seeking(path: Path) -> BinaryIO:
    """The file, or what a pipe holds in a temporary one, to be closed by whoever asked.

    Raises:
        WrongUsage: there is no such file, or it is a folder.
        OutOfReach: it cannot be read.
    """
    try:
        stream = path.open("rb")
        if stream.seekable():
            return stream
        with stream:
            spooled = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever asked
            while chunk := stream.read(_CHUNK_BYTES):
                spooled.write(chunk)
            return spooled
    except FileNotFoundError:
        raise WrongUsage(f"{shown(path)} does not exist; name a file to import.") from None
    except IsADirectoryError:
        raise WrongUsage(f"{shown(path)} is a folder; name a file to import.") from None
    except OSError as error:
        raise OutOfReach(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
