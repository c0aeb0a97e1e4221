"""One tree of errors, split by what the user can do next.

    TrackerError
    ├── Refused       a rule of the domain says no; change the request             exit 1
    ├── WrongUsage    the request cannot be read; write it differently             exit 2
    ├── NotFound      nothing has that id or name; look it up                      exit 3
    ├── Conflict      somebody else changed the same thing; compare and choose     exit 4
    └── OutOfReach    the database or a remote does not answer; mend that first    exit 5

A message says what is wrong, with which value, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TrackerError(Exception):
    """Anything the user is told in words, never as a traceback."""

    exit_code = 1


class Refused(TrackerError):
    """A rule of the domain forbids what was asked."""

    exit_code = 1


class WrongUsage(TrackerError):
    """What was typed cannot be understood."""

    exit_code = 2


class NotFound(TrackerError):
    """Nothing has the id or the name that was given."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field that two people changed: what both started from, and what each wants."""

    entity: str
    id: str
    field: str
    base: object
    ours: object
    theirs: object


class Conflict(TrackerError):
    """The same field was changed by somebody else since it was read; both versions are kept in `disagreements`."""

    exit_code = 4

    def __init__(self, message: str, disagreements: Sequence[Disagreement] = ()) -> None:
        super().__init__(message)
        self.disagreements = tuple(disagreements)


class OutOfReach(TrackerError):
    """The database file or a remote system cannot be used right now."""

    exit_code = 5
