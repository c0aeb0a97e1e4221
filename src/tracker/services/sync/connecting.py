"""The steps of connecting, whoever asks the questions: where, who is who there, which status is which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tracker.domain.errors import NotFound, Refused, WrongUsage
from tracker.domain.remote import Adapter, Named, RemotePerson, RemoteStatus
from tracker.domain.tasks import Status
from tracker.services.sync.connections import connections
from tracker.services.sync.matching import MatchedPeople, match_people, match_statuses
from tracker.services.workspace import Workspace

MOST_PLACES = 5_000
"""Projects that are read to choose from; in a larger place one is named by its id."""
NAMED_IN_ERRORS = 10
PATH_SIGN = " / "
"""Between the folders of a path, in the names of places that lie in one another."""
NOBODY = frozenset({"", "-", "none", "nobody"})
_LABELS = {Status.ASSIGNED: "Assigned", Status.DOING: "Doing", Status.REVIEW: "Review", Status.DONE: "Done"}


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a place there has, and what of it is proposed as the counterpart of ours."""

    people: MatchedPeople
    everybody: tuple[RemotePerson, ...]
    statuses: tuple[RemoteStatus, ...]
    mapped: Mapping[str, str]
    """Our status to the id of one there."""

    @property
    def names(self) -> dict[str, str]:
        """Ids of people and statuses there to their names."""
        return {each.id: each.name for each in self.everybody} | {each.id: each.name for each in self.statuses}

    def lacking(self, said: Iterable[str] = ()) -> dict[str, str]:
        """Statuses of ours that have none of their own there, with names for them.

        Cancelled does without, and so does what a person has `said` already.
        """
        mapped_by_hand, taken, found = set(said), set[str](), {}
        for status, label in _LABELS.items():
            there = self.mapped.get(status.value)
            if (there is None or there in taken) and status.value not in mapped_by_hand:
                found[status.value] = label
            taken.add(there or "")
        return found


def check_free(ws: Workspace, id: str, kind: str, place: str | None = None) -> None:
    """Look before anything is made there.

    Raises:
        Refused: there is a connection of that name, or to that place, already.
    """
    for each in connections(ws):
        if each.id == id:
            raise Refused(f"There is a connection {id} already; give this one another name (--name).")
        if place is not None and (each.settings.kind, each.settings.place) == (kind, place):
            raise Refused(f"{each.id} is connected to that place already; a task would be there twice.")


def places(adapter: Adapter, workspace: str) -> tuple[Named, ...]:
    """The projects or folders to choose from, by name."""
    return tuple(sorted(islice(adapter.places(workspace), MOST_PLACES), key=lambda each: each.name.casefold()))


def survey(ws: Workspace, adapter: Adapter) -> Surveyed:
    """Read who and what is there, and match it with ours."""
    everybody, statuses = tuple(adapter.people()), tuple(adapter.statuses())
    return Surveyed(match_people(ws, everybody), everybody, statuses, match_statuses(statuses))


def choose(found: Sequence[Named], words: str, what: str) -> Named:
    """The one that is meant by its id, its name, the last part of its path, or letters that only its name has.

    Raises:
        NotFound: none is.
        WrongUsage: several are.
    """
    wanted = words.strip()
    for fits in (
        [each for each in found if each.id == wanted],
        [each for each in found if each.name.casefold() == wanted.casefold()],
        [each for each in found if each.name.rpartition(PATH_SIGN)[2].casefold() == wanted.casefold()],
        [each for each in found if wanted and wanted.casefold() in each.name.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise WrongUsage(f"{words!r} fits several: {listed(fits)}. Name the {what} by its id.")
    raise NotFound(f"There is no {what} {words!r} there; there is {listed(found) or 'none'}.")


def listed(found: Sequence[Named]) -> str:
    """The first of them, with their ids."""
    names = [f"{each.name} ({each.id})" for each in found[:NAMED_IN_ERRORS]]
    more = len(found) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def with_people(
    proposed: Mapping[str, str], everybody: Iterable[RemotePerson], said: Mapping[str, str]
) -> dict[str, str]:
    """Who is who, corrected by what a person said: our person to an id, e-mail address or name there, or to nobody.

    Raises:
        NotFound, WrongUsage: as `choose`.
    """
    known = list(everybody)
    by_mail = [Named(each.id, each.email) for each in known if each.email]
    people = dict(proposed)
    for person, words in said.items():
        people.pop(person, None)
        if words.strip().casefold() in NOBODY:
            continue
        named = by_mail if "@" in words else [Named(each.id, each.name) for each in known]
        people[person] = choose(named, words, "person").id
    return people


def with_statuses(
    proposed: Mapping[str, str], there: Sequence[RemoteStatus], said: Mapping[str, str]
) -> dict[str, str]:
    """Which status is which, corrected by what a person said: our status to an id or name there, or to none.

    Raises:
        NotFound, WrongUsage: as `choose`.
    """
    statuses = dict(proposed)
    for status, words in said.items():
        statuses.pop(status, None)
        if words.strip().casefold() not in NOBODY:
            statuses[status] = choose([Named(each.id, each.name) for each in there], words, "status").id
    return statuses
