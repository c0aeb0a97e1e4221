"""Who is who and what is what, proposed to the person who connects: people by e-mail, statuses by name and meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.remote import RemotePerson, RemoteStatus
from tracker.domain.tasks import Status
from tracker.services.workspace import Workspace
from tracker.storage import sync_rows


@dataclass(frozen=True, slots=True)
class MatchedPeople:
    """People here and there."""

    people: Mapping[str, str]
    """Person here to id there."""
    without: tuple[str, ...]
    """Active people here without a counterpart: their tasks go there without an owner."""
    others: tuple[RemotePerson, ...]
    """People there whom nobody here is."""


def match_people(ws: Workspace, there: Iterable[RemotePerson]) -> MatchedPeople:
    """Match people by e-mail, whatever its case; an address that two people there share matches nobody."""
    known = list(there)
    by_mail: dict[str, list[RemotePerson]] = {}
    for person in known:
        if person.email:
            by_mail.setdefault(person.email.strip().casefold(), []).append(person)
    with ws.store.snapshot() as connection:
        here = sync_rows.mail_of_people(connection)
    found = {
        person: by_mail[mail.strip().casefold()][0].id
        for person, mail in here.items()
        if mail and len(by_mail.get(mail.strip().casefold(), ())) == 1
    }
    taken = set(found.values())
    return MatchedPeople(
        found, tuple(sorted(set(here) - set(found))), tuple(each for each in known if each.id not in taken)
    )


_WORDS: Mapping[Status, str] = {
    Status.ASSIGNED: r"assigned|to.?do|new|planned|open|next|ready|backlog",
    Status.DOING: r"doing|progress|active|started|working",
    Status.REVIEW: r"review|check|approv|test|verify",
    Status.DONE: r"done|complete|finished|closed",
    Status.CANCELLED: r"cancel|dropped|rejected|won.?t",
}


def match_statuses(there: Sequence[RemoteStatus]) -> dict[str, str]:
    """A proposal: our status to the id of a status there, by meaning and name; what finds nothing shares a neighbour.

    Cancelled is left out where the remote has nothing like it: such tasks are completed there, with a line that says
    it.
    """
    found: dict[str, str] = {}
    for status, words in _WORDS.items():
        fitting = [each for each in there if _fits(each, status)]
        named = [each for each in fitting if re.search(words, each.name, re.IGNORECASE)]
        if named or (fitting and status in (Status.DONE, Status.CANCELLED)):
            found[status.value] = (named or fitting)[0].id
    opened = [each.id for each in there if not each.is_done and not each.is_cancelled]
    for status, neighbour in ((Status.ASSIGNED, None), (Status.DOING, Status.ASSIGNED), (Status.REVIEW, Status.DOING)):
        if status.value not in found and opened:
            found[status.value] = opened[0] if neighbour is None else found[neighbour.value]
    return found


def _fits(there: RemoteStatus, status: Status) -> bool:
    if status is Status.CANCELLED:
        return there.is_cancelled
    return not there.is_cancelled and there.is_done == (status is Status.DONE)
