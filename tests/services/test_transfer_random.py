"""Round trips of files that a machine makes up."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.services.transfer_files import exported, key_result, small, task
from tracker.clock import stopped_clock
from tracker.domain.errors import TrackerError, WrongUsage
from tracker.services.transfer import json_file
from tracker.services.transfer.importing import plan_import, run_import
from tracker.services.transfer.json_file import JsonFile
from tracker.services.workspace import Workspace
from tracker.storage.store import Store

texts = st.text(max_size=60)
titles = st.builds("x{}".format, texts)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(date.isoformat)
days_or_none = st.none() | days
numbers = st.decimals(-10**9, 10**9, allow_nan=False, places=4)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def tasks(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A task that keeps the rules, with every field that may be free."""
    created = draw(st.dates(date(2020, 1, 1), date(2026, 10, 1)))
    reached = [(created + timedelta(days=n)).isoformat() for n in (0, 1, draw(st.integers(1, 40)))]
    status = draw(st.sampled_from(["backlog", "assigned", "doing", "review", "done", "cancelled"]))
    fields: dict[str, Any] = {"status": status}
    if status not in ("backlog", "cancelled"):
        fields |= {"owner": draw(st.sampled_from(["mara", "lena"])), "assigned_on": reached[0]}
    if status in ("doing", "review", "done"):
        fields["started_on"] = reached[1]
    if status == "done":
        fields["done_on"] = reached[2]
    if status == "cancelled":
        fields |= {"cancel_reason": draw(titles), "cancelled_on": draw(days_or_none)}
    low = draw(st.none() | st.integers(0, 50) | st.floats(0, 50).map(lambda value: round(value, 2)))
    return task(
        id=f"T-{number:03d}", created_on=created.isoformat(), title=draw(titles), contribution=draw(texts),
        notes=draw(texts), due_on=draw(days_or_none), publish_on=draw(days_or_none), rank=draw(st.integers(-99, 99)),
        stage=draw(titles), medium=draw(titles), priority=draw(st.sampled_from(["low", "normal", "high"])),
        estimate_low_h=low, estimate_high_h=None if low is None else low + 1, learned=draw(st.none() | texts),
        channel=draw(st.sampled_from([None, "email"])), cost_minor=draw(st.integers(0, 10**9)),
        added_mid_cycle=draw(st.booleans()), journey_step=draw(st.none() | st.integers(0, 9)), **fields,
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A file of the exchange shape."""
    document = small()
    baseline, gain = draw(numbers), draw(st.decimals("0.0001", 10**6, places=4))
    document["key_results"] = [
        key_result(), key_result(id="KR-02", baseline=baseline, target=baseline + gain, weight=draw(st.integers(0, 9))),
    ]
    found = sorted(draw(st.sets(st.integers(1, 2000), max_size=6)))
    document["tasks"] = [draw(tasks(number)) for number in found]
    for place, each in enumerate(document["tasks"]):
        earlier = [f"T-{number:03d}" for number in found[:place]]
        each["waits_for"] = sorted(draw(st.sets(st.sampled_from(earlier)))) if earlier else []
        each["also_serves"] = draw(st.sampled_from([[], ["KR-02"], ["KR-02", "KR-01"]]))
    document["import_items"] = [
        {"id": f"A-{place:02d}", "connector": "csv:x", "title": draw(titles), "on": draw(days),
         "raw": draw(st.dictionaries(texts, json_values, max_size=3))}
        for place in range(draw(st.integers(0, 2)))
    ]
    document["comments"] = [
        {"task": each["id"], "on": "2026-10-19T09:30", "by": "mara", "body": draw(titles),
         "mentions": draw(st.lists(titles, max_size=2))}
        for each in document["tasks"]
    ]
    return document


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def _fresh(folder: Path, template: Path) -> Iterator[Workspace]:
    path = folder / "database.sqlite3"
    for leftover in folder.glob("database.sqlite3*"):
        leftover.unlink()
    shutil.copy(template, path)
    store = Store.open(path)
    yield Workspace(store, stopped_clock(NOW), "mara")
    store.close()


def _plain(value: object) -> object:
    assert isinstance(value, Decimal)
    return float(value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(document=documents())
def test_a_file_comes_back_as_the_same_bytes(document: dict[str, Any], folder: Path, empty_file: Path) -> None:
    file = folder / "made.json"
    file.write_text(json.dumps(document, default=_plain))
    for ws in _fresh(folder, empty_file):
        added = run_import(ws, file).plan.total.added
        first = exported(ws)
        again = run_import(ws, file).plan.total
        # texts are cleaned before they are compared, so the same file says nothing new
        assert (again.added, again.changed) == (0, 0)
        assert again.unchanged == added
    file.write_bytes(first)
    for ws in _fresh(folder, empty_file):
        run_import(ws, file)
        assert exported(ws) == first


@settings(max_examples=60, deadline=None)
@given(
    arrays=st.dictionaries(titles, st.lists(json_values, max_size=4), max_size=4),
    values=st.dictionaries(texts, json_values.filter(lambda value: not isinstance(value, list)), max_size=3),
    chunk=st.integers(1, 40),
    indent=st.none() | st.integers(0, 2),
)
def test_reading_through_a_small_window_gives_what_json_gives(
    arrays: dict[str, Any], values: dict[str, Any], chunk: int, indent: int | None, folder: Path
) -> None:
    document = values | arrays
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    file = folder / "window.json"
    file.write_bytes(text.encode("utf-8", "replace"))
    expected = json.loads(file.read_bytes(), parse_float=Decimal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_file, "CHUNK_BYTES", chunk)
        with closing(JsonFile(file)) as opened:
            contents = opened.contents()
            read = {key: [record for _, record in opened.records(place)] for key, place in contents.arrays.items()}
            lines = {key: [line for line, _ in opened.records(place)] for key, place in contents.arrays.items()}
    assert {**contents.values, **read} == expected
    assert {key: place.records for key, place in contents.arrays.items()} == {key: len(of) for key, of in read.items()}
    if indent is not None:
        written = text.split("\n")
        for key, places in lines.items():
            for record, line in zip(document[key], places, strict=True):
                first = json.dumps(record, ensure_ascii=False, indent=indent).split("\n")[0]
                assert first in written[line - 1]


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300) | st.builds(
    lambda text, at, byte: text[:at] + byte + text[at + 1:],
    st.just(json.dumps(small()).encode()), st.integers(0, 900), st.binary(min_size=1, max_size=2),
))
def test_any_bytes_are_imported_or_refused_in_words(content: bytes, folder: Path, empty_file: Path) -> None:
    file = folder / "bytes.json"
    file.write_bytes(content)
    for ws in _fresh(folder, empty_file):
        before = exported(ws)
        told = file.name
        try:
            plan_import(ws, file)
        except TrackerError as error:
            told = str(error)
        assert file.name in told
        assert exported(ws) == before


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200) | st.builds(
    lambda lines: "\n".join(["Title;Owner;Due;Key result;State", *lines]).encode("utf-8", "replace"),
    st.lists(st.text(alphabet=st.sampled_from("ab;\"'=/-13\n\r\t KR0é\x00")), max_size=6),
))
def test_any_table_is_imported_or_refused_in_words(content: bytes, folder: Path, begun_file: Path) -> None:
    file = folder / "table.csv"
    file.write_bytes(content)
    for ws in _fresh(folder, begun_file):
        try:
            plan = plan_import(ws, file)
        except WrongUsage:
            continue
        assert run_import(ws, file).plan.counts == plan.counts
        assert json.load(io.BytesIO(exported(ws)))
