"""Records of answers: what has not the form it should have is refused in words, and nothing is taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tracker.domain.remote import RequestRefused

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """How records of one service are read."""

    service: str
    """Its name in messages."""
    key: str
    """What it calls an id."""

    def a_record(self, value: object) -> Record:
        """`value`, which must be a record.

        Raises:
            RequestRefused: it is something else.
        """
        if not isinstance(value, Mapping):
            raise self.not_understood(f"{type(value).__name__} where a record should be")
        return value

    def id_of(self, record: object) -> str:
        """The id of a record.

        Raises:
            RequestRefused: it has none.
        """
        id = self.a_record(record).get(self.key)
        if not isinstance(id, str) or not id.isprintable() or not id:
            raise self.not_understood(f"a record without its {self.key}")
        return id

    def items_of(self, body: object) -> tuple[Record, list[Record]]:
        """An answer, and the records that it holds in `data`.

        Raises:
            RequestRefused: it holds no list there.
        """
        data = body.get("data") if isinstance(body, Mapping) else None
        if not isinstance(body, Mapping) or not isinstance(data, list):
            raise self.not_understood("an answer without a list in data")
        return body, [self.a_record(each) for each in data]

    def not_understood(self, what: str) -> RequestRefused:
        """The error for an answer that has not the form it should have."""
        return RequestRefused(f"{self.service}'s answer was not understood: {what}; nothing was taken from it.")
