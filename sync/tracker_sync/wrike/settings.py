"""What a connection to Wrike needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.remote import Connection

BASE_URL = "https://www.wrike.com/api/v4"
DATA_CENTRES = (BASE_URL, "https://app-eu.wrike.com/api/v4", "https://app-us2.wrike.com/api/v4")
"""An account lives in one of them; the others do not know its tokens."""
RATE = 400
"""Requests a minute of one token or address."""
PACE = RATE - 10
"""What is sent: the burst at the start counts in the first minute too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to work and which custom fields to use."""

    folder: str
    """Id of the folder or project."""
    base_url: str
    reference_field: str | None
    """A text field "Tracker ID" besides the metadata, which another API application does not see."""
    key_result_field: str | None
    """A text field "Key result"."""
    recycle_bin: str | None
    """Id of the folder that deleted tasks lie in."""
    workflow: str | None
    """Id of the folder's workflow when it was connected; None: it is looked up."""


def settings_of(connection: Connection) -> Settings:
    """What `connection` says."""
    options = connection.options
    return Settings(
        folder=connection.place,
        base_url=connection.base_url or BASE_URL,
        reference_field=options.get("reference_field") or None,
        key_result_field=options.get("key_result_field") or None,
        recycle_bin=options.get("recycle_bin") or None,
        workflow=options.get("workflow") or None,
    )
