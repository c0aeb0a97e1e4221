"""Which connection is meant; with one of them its name may be left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.domain.errors import NotFound, WrongUsage
from tracker.domain.remote import FIELDS
from tracker.reports import sync_text
from tracker.services import sync as services

if TYPE_CHECKING:
    from tracker.bootstrap import Workspace

Offer = tuple[str, str]


def complete_name(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Words for the shell: connections."""
    from tracker.cli.completion import connection_ids

    return connection_ids(ctx, incomplete)


def complete_kind(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Words for the shell: what can be connected to; one is enough."""
    from tracker.plugins import adapter_names

    return [] if ctx.params.get("words") else [(each, "") for each in adapter_names() if each.startswith(incomplete)]


def complete_setting(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Words for the shell: the connection first, then what of it can be changed."""
    keys = ("direction=", "policy=", "arrivals=", "goals=", "comments=", "deletions=", "pace=", "base_url=",
            "people=match", "person.", "status.")  # fmt: skip
    names = [] if ctx.params.get("words") else complete_name(ctx, incomplete)
    return names + [(each, "") for each in keys if each.startswith(incomplete)]


def complete_decision(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Words for the shell: a task that waits for a decision, then the field."""
    from tracker.cli.completion import undecided_ids

    if not ctx.params.get("words"):
        return undecided_ids(ctx, incomplete)
    return [(each, "") for each in sorted(map(sync_text.field_name, FIELDS)) if each.startswith(incomplete)]


def offering(*words: str) -> Callable[[typer.Context, str], list[Offer]]:
    """Words for the shell that are always the same."""
    return lambda ctx, incomplete: [(each, "") for each in words if each.startswith(incomplete)]


Name = Annotated[str | None, typer.Argument(
    metavar="[NAME]", help="The connection; may be left out when there is one.", show_default=False,
    autocompletion=complete_name)]


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
