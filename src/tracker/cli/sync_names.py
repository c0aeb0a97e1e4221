"""Which connection is meant; with one of them its name may be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.domain.errors import NotFound, WrongUsage
from tracker.services import sync as services

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace

Name = Annotated[str | None, typer.Argument(
    metavar="[NAME]", help="The connection; may be left out when there is one.", show_default=False)]


def connection_named(ws: Workspace, name: str | None) -> services.SyncConnection:
    """The connection of that name, or the only one.

    Raises:
        NotFound: there is none.
        WrongUsage: there are several, and none was named.
    """
    if name is not None:
        return services.connection(ws, name)
    found = services.connections(ws)
    if not found:
        raise NotFound("There is no connection yet. Make one with: tracker sync connect asana")
    if len(found) > 1:
        raise WrongUsage(f"Name the connection: {', '.join(each.id for each in found)}.")
    return found[0]
