"""The adapter of Wrike: the contract, and what is Wrike's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.sync.contract import AdapterContract
from tests.sync.fakes.wrike import WrikeFake
from tests.sync.wrike_stage import WrikeStage


@pytest.fixture
def stage() -> Iterator[WrikeStage]:
    with WrikeFake() as fake:
        fake.rows_of_a_page = 100
        stage = WrikeStage(fake)
        yield stage
        stage.close()


class TestWrike(AdapterContract):
    """Everything that every adapter promises."""
