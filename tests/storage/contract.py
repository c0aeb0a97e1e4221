"""What every database that keeps the schema must refuse and take; subclasses bring the database."""

from __future__ import annotations

import re

import pytest

from tests.storage.bad_writes import BAD_WRITES, BadWrite
from tests.storage.grounds import Ground, RefusedByTheDatabaseError
from tests.storage.ways_round import WAYS_ROUND

EVERY_BAD_WRITE = (*BAD_WRITES, *WAYS_ROUND)


def bad_writes_on(dialect: str) -> list[BadWrite]:
    """The bad writes that can be tried on a database."""
    return [case for case in EVERY_BAD_WRITE if dialect in case.on]


class RulesContract:
    """Rules held by the database itself, tried in plain SQL."""

    def test_a_bad_write_is_refused_by_name_and_changes_nothing(self, ground: Ground, case: BadWrite) -> None:
        with ground.fresh():
            for statement in case.given:
                ground.execute(statement)
            before = ground.dump()
            with pytest.raises(RefusedByTheDatabaseError) as refusal:
                ground.execute(case.bad)
            assert re.search(case.says, str(refusal.value))
            assert ground.dump() == before

    def test_the_like_of_it_that_keeps_the_rule_is_taken(self, ground: Ground, case: BadWrite) -> None:
        with ground.fresh():
            for statement in case.given:
                ground.execute(statement)
            before = ground.dump()
            ground.execute(case.good)
            assert ground.dump() != before
