"""What a connection to Asana needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.remote import Connection, RequestRefused

BASE_URL = "https://app.asana.com/api/1.0"
FREE_RATE = 150
"""Requests a minute of a free workspace; paid ones may send 1,500. Nothing that a token can ask tells which it is."""
_MOST = 1_500
_BURST = 5
"""What `Http` sends at once before it keeps the pace; it counts in the first minute too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to work and which custom fields to use; ids are Asana's gids."""

    project: str
    workspace: str | None
    base_url: str
    reference_field: str | None
    """The text field "Tracker ID"; None: the reference is a line at the end of the notes."""
    key_result_field: str | None
    """A text field "Key result", where the project has one."""
    priority_field: str | None
    """A choice "Priority", where the project has one."""
    priorities: Mapping[str, str] = field(default_factory=dict)
    """low, normal, high to the gid of the choice."""
    requests_per_minute: int = FREE_RATE

    @property
    def pace(self) -> int:
        """Requests a minute that stay within the limit, the burst at the start included."""
        return max(1, self.requests_per_minute - _BURST)


def settings_of(connection: Connection) -> Settings:
    """What `connection` says.

    Raises:
        RequestRefused: an option has a value that it cannot have.
    """
    options = connection.options
    words = options.get("requests_per_minute", str(FREE_RATE))
    if not (words.isascii() and words.isdigit() and 1 <= int(words[:5]) <= _MOST):
        raise RequestRefused(f"requests_per_minute of Asana is a number from 1 to {_MOST}, not {words[:20]!r}.")
    return Settings(
        project=connection.place,
        workspace=connection.workspace,
        base_url=connection.base_url or BASE_URL,
        reference_field=options.get("reference_field") or None,
        key_result_field=options.get("key_result_field") or None,
        priority_field=options.get("priority_field") or None,
        priorities={
            name: gid for name in ("low", "normal", "high") if (gid := options.get(f"priority_{name}")) is not None
        },
        requests_per_minute=int(words),
    )
