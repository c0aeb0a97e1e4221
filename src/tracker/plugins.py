"""Sync adapters by name: they are found by their entry points, and only the one that is asked for is loaded."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from tracker.domain.errors import NotFound, OutOfReach
from tracker.domain.remote import AdapterKind

GROUP = "tracker.sync_adapters"
"""The entry-point group of adapters; each names an `AdapterKind`."""
EXTRA = "pip install 'strategy-tracker[sync]'"


def adapter_names() -> tuple[str, ...]:
    """The kinds that can be connected to, in order; none of them is loaded."""
    return tuple(sorted(_adapters()))


def adapter_kind(name: str) -> AdapterKind:
    """The kind of that name, loaded.

    Raises:
        NotFound: no installed package brings it.
        OutOfReach: it cannot be loaded; mostly because the extra for sync is not installed.
    """
    found = _adapters().get(name)
    if found is None:
        known = ", ".join(adapter_names()) or "none is installed"
        raise NotFound(f"There is no sync adapter {name[:40]!r}; known: {known}.")
    try:
        kind: AdapterKind = found.load()
    except ModuleNotFoundError as error:
        raise OutOfReach(f"Sync with {name} needs {error.name}; install it with: {EXTRA}") from error
    except Exception as error:  # whatever a package of somebody else fails with while it is loaded
        raise OutOfReach(f"The sync adapter {name} cannot be loaded ({type(error).__name__}: {error}).") from error
    return kind


def _adapters() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
