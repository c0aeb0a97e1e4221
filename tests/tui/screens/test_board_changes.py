"""The board: every key that changes a task, what is asked, what is said, where the cursor goes, and undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.tui.driving import burst, press, running, settle, shown, type_in
from tests.tui.screens.board_driving import at, board, card, ids, notice, until

from tracker.domain.errors import OutOfReach
from tracker.services import ideas as idea_service
from tracker.services import sync
from tracker.services import tasks as service
from tracker.services.board import ideas, task_detail
from tracker.services.tasks import NewTask
from tracker.services.workspace import Workspace
from tracker.storage.sync_rows import Link, put_link


async def test_move_on_leaves_the_cursor_for_the_next_card(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, ">")
        assert card(northlight, "T-043").status == "review"
        assert at(pilot) == "T-042"
        assert notice(pilot).startswith("✓ next status: T-043") or "review holds" in notice(pilot)
        assert "REVIEW 5/3 OVER" in shown(pilot)


async def test_move_back(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "<")
        assert card(northlight, "T-043").status == "assigned"
        assert at(pilot) == "T-042"


@pytest.mark.parametrize(("key", "status"), [("shift+right", "review"), ("shift+left", "assigned")])
async def test_carrying_takes_the_cursor_along(northlight: Workspace, key: str, status: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, key)
        assert card(northlight, "T-043").status == status
        assert at(pilot) == "T-043"
        assert board(pilot).columns.at == status


async def test_a_limit_that_is_passed_is_told(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "h", ">")
        assert notice(pilot).startswith("!")
        assert "10 of 6" in notice(pilot)


async def test_what_the_states_forbid_is_refused_in_words_and_nothing_moves(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "l", "l", ">")
        assert notice(pilot).startswith("x ")
        assert "there is no column after it" in notice(pilot)
        assert at(pilot) == "T-041"


async def test_a_notice_leaves_with_the_next_key(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "l", "l", ">")
        assert notice(pilot)
        await press(pilot, "j")
        assert notice(pilot) == ""
        assert "j/k move" in shown(pilot)


# -- assigning


async def test_assigning_takes_two_letters_and_asks_for_a_date_that_is_missing(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "h", "h", "j", "j", "j")
        assert at(pilot) == "T-020"
        await press(pilot, "a")
        assert "priya 27/64h 3/2!" in shown(pilot)
        await press(pilot, "l", "e")
        assert card(northlight, "T-020").owner == "lena"
        assert "T-020 due" in shown(pilot)
        await type_in(pilot, "fri", "enter")
        assert card(northlight, "T-020").due_on == date(2026, 10, 23)
        assert at(pilot) == "T-045", "the card went to assigned; the cursor stays for the next"


async def test_a_date_is_wanted_not_forced(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "h", "h", "end", "a", "l", "e", "escape")
        assert card(northlight, "T-047").owner == "lena"
        assert card(northlight, "T-047").due_on is None


async def test_assigning_a_card_that_has_a_date_asks_no_more_and_stays_with_it(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "a", "p", "r")
        assert card(northlight, "T-043").owner == "priya"
        assert board(pilot).command_line.question is None
        assert at(pilot) == "T-043"


async def test_taking_the_owner_away_from_begun_work_is_refused(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "a", "minus")
        assert "needs an owner" in notice(pilot)


async def test_an_unknown_person_keeps_the_question(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "a")
        await type_in(pilot, "zz", "enter")
        assert "nobody here; people: mara" in shown(pilot)
        await press(pilot, "escape")
        assert card(northlight, "T-043").owner == "tomas"


# -- fields


@pytest.mark.parametrize(
    ("typed", "due"), [("+3d", date(2026, 10, 22)), ("2026-10-30", date(2026, 10, 30)), ("-", None)]
)
async def test_due(northlight: Workspace, typed: str, due: date | None) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "d")
        await type_in(pilot, typed, "enter")
        assert card(northlight, "T-043").due_on == due
        assert at(pilot) == "T-043"


async def test_a_day_that_is_none_is_told_and_can_be_mended(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "d")
        await type_in(pilot, "31 nov", "enter")
        assert "November has 30 days" in shown(pilot)
        await press(pilot, *["backspace"] * 6)
        await type_in(pilot, "30 nov", "enter")
        assert card(northlight, "T-043").due_on == date(2026, 11, 30)


async def test_cite_by_digit_and_by_letters(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "K", "2")
        assert card(northlight, "T-043").key_result == "KR-06"
        await press(pilot, "K")
        await type_in(pilot, "email sub", "enter")
        assert card(northlight, "T-043").key_result == "KR-09"


async def test_block_asks_why_and_once_more_frees(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "b")
        assert card(northlight, "T-043").blocked_reason is None
        await press(pilot, "b")
        await type_in(pilot, "legal has to look", "enter")
        assert card(northlight, "T-043").blocked_reason == "legal has to look"
        assert "BLOCKED: legal has to look" in shown(pilot)


async def test_wait_for_a_number_for_words_and_for_nothing(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j", "w")
        await type_in(pilot, "44", "enter")
        assert [other for other, *_ in task_detail(northlight, "T-042").waits_for] == ["T-044"]
        assert at(pilot) == "T-042", "it was sorted after the others, and the cursor went along"
        await press(pilot, "w")
        await type_in(pilot, "webinar slid")
        await settle(pilot)
        assert "T-030 Webinar slides" in shown(pilot)
        await press(pilot, "enter")
        assert {other for other, *_ in task_detail(northlight, "T-042").waits_for} == {"T-044", "T-030"}
        await press(pilot, "w", "minus", "enter")
        assert task_detail(northlight, "T-042").waits_for == ()


async def test_a_circle_of_waiting_is_refused(northlight: Workspace) -> None:
    service.wait_for(northlight, ["T-042"], "T-043")
    async with running(northlight) as pilot:
        await press(pilot, "g", "w")
        assert at(pilot) == "T-043"
        await type_in(pilot, "42", "enter")
        assert notice(pilot).startswith("x ")


async def test_cancel_asks_why(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "x", "escape")
        assert card(northlight, "T-043").status == "doing"
        await press(pilot, "x")
        await type_in(pilot, "the ad account is gone", "enter")
        assert card(northlight, "T-043").status == "cancelled"
        assert at(pilot) == "T-042"


async def test_an_empty_reason_cancels_nothing(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "x", "enter")
        assert card(northlight, "T-043").status == "doing"
        assert board(pilot).command_line.question is None


async def test_rank_to_the_top_and_to_the_bottom(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j", "j", "{")
        assert ids(pilot, "doing")[0] == "T-027"
        assert at(pilot) == "T-027"
        await press(pilot, "}")
        assert ids(pilot, "doing")[-1] == "T-027"
        assert at(pilot) == "T-027"


async def test_a_message(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "M")
        await type_in(pilot, "@jonas the account is back", "enter")
        assert task_detail(northlight, "T-043").comments[-1].body == "@jonas the account is back"
        assert "4 messages" in shown(pilot) or card(northlight, "T-043").messages == 4


# -- capture


async def test_quick_add_shows_what_it_understands_and_goes_to_the_new_task(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "n")
        await type_in(pilot, "Write the teaser kr:2 due:fri !high why:a reason to open")
        assert "cites 2   due Fri 23 Oct   priority high   why a reason to open" in shown(pilot)
        await press(pilot, "enter")
        made = card(northlight, at(pilot))
        assert (made.title, made.key_result, made.priority) == ("Write the teaser", "KR-06", "high")


async def test_quick_add_takes_the_key_result_of_the_filter(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "4", "n")
        await type_in(pilot, "One more ad", "enter")
        assert card(northlight, at(pilot)).key_result == "KR-08"


async def test_quick_add_without_a_key_result_asks_for_it_and_keeps_the_words(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "n")
        await type_in(pilot, "One more ad", "enter")
        assert board(pilot).command_line.text == "One more ad"
        assert "A task cites a key result" in shown(pilot)
        await type_in(pilot, " kr:4", "enter")
        assert card(northlight, at(pilot)).title == "One more ad"


async def test_an_idea(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "i")
        await type_in(pilot, "A webinar for nurses", "enter")
        assert "A webinar for nurses" in [idea.title for idea in ideas(northlight)]


# -- many, again, back


async def test_selected_tasks_change_together_and_are_undone_as_one(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "space", "space", "space")
        assert "3 selected" in shown(pilot)
        await press(pilot, "d")
        assert "3 tasks due" in shown(pilot)
        await type_in(pilot, "+2w", "enter")
        chosen = ("T-043", "T-042", "T-027")
        assert {card(northlight, task).due_on for task in chosen} == {date(2026, 11, 2)}
        await press(pilot, "u")
        assert {card(northlight, task).due_on for task in chosen} == {
            date(2026, 10, 12), date(2026, 10, 16), date(2026, 10, 20)
        }  # fmt: skip


async def test_selected_tasks_that_move_are_no_longer_selected(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "space", "space", ">")
        assert {card(northlight, task).status for task in ("T-043", "T-042")} == {"review"}
        assert "selected" not in shown(pilot)


async def test_one_of_many_that_is_refused_changes_none(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "l", "l", "space", "h", "h", "g", "space", ">")
        assert notice(pilot).startswith("x ")
        assert card(northlight, "T-043").status == "doing"


async def test_escape_clears_the_selection_first_and_the_filter_then(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "4", "space", "escape")
        assert "selected" not in shown(pilot)
        assert board(pilot).wanted.key_result == "KR-08"
        await press(pilot, "escape")
        assert board(pilot).wanted.key_result is None


@pytest.mark.parametrize("redo", ["ctrl+r", "U"])
async def test_undo_and_redo_bring_the_cursor_to_the_task(northlight: Workspace, redo: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, ">", "u")
        assert card(northlight, "T-043").status == "doing"
        assert at(pilot) == "T-043"
        assert "undone" in notice(pilot)
        await press(pilot, redo)
        assert card(northlight, "T-043").status == "review"
        assert at(pilot) == "T-043"


async def test_nothing_to_undo_is_said(begun: Workspace) -> None:
    async with running(begun) as pilot:
        await press(pilot, "u", "u")
        assert notice(pilot).startswith("x ")


async def test_repeat_does_the_last_change_to_another_task(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, ".")
        assert "Nothing was changed yet" in notice(pilot)
        await press(pilot, "d")
        await type_in(pilot, "+7d", "enter")
        await press(pilot, "l", "g", ".")
        assert card(northlight, at(pilot)).due_on == date(2026, 10, 26)


async def test_keys_pressed_while_a_write_is_on_its_way_act_on_what_follows(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await burst(pilot, *["greater_than_sign"] * 3)
        assert {card(northlight, task).status for task in ("T-043", "T-042", "T-027")} == {"review"}
        assert len(ids(pilot, "doing")) == 6


@pytest.mark.parametrize(
    ("key", "copied"), [("i", "T-043"), ("t", "T-043 White paper ad to a lookalike audience")]
)
async def test_copy(northlight: Workspace, key: str, copied: str) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "y", key)
        assert pilot.app.clipboard == copied
        assert "copied" in notice(pilot)


async def test_a_task_without_a_link_says_so(northlight: Workspace) -> None:
    async with running(northlight) as pilot:
        await press(pilot, "j", "y", "l")
        assert "has no link" in notice(pilot)


@pytest.mark.parametrize(("keys", "copied"), [
    (("y", "l"), "https://asana.example/1"), (("y", "l", "2"), "https://clients.example/1"),
    (("y", "l", "1"), "https://asana.example/1"),
])  # fmt: skip
async def test_of_several_links_one_is_chosen(begun: Workspace, keys: tuple[str, ...], copied: str) -> None:
    new = NewTask("Write the page", "KR-01", owner="mara", contribution="brings calls")
    task = service.add_task(begun, new).ids[0]
    for name in ("asana", "clients")[: 2 if len(keys) == 3 else 1]:
        sync.connect(begun, sync.NewConnection("asana", f"p-{name}", id=name))
        with begun.writing("link") as tx:
            put_link(tx.connection, Link(task, name, "1", "synced", url=f"https://{name}.example/1"))
    async with running(begun) as pilot:
        await press(pilot, *keys)
        assert pilot.app.clipboard == copied
        assert "copied the link" in notice(pilot)


# -- others


async def test_a_commit_of_somebody_else_is_seen(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        service.step_tasks(other, ["T-042"], 1)
        await until(pilot, lambda: "REVIEW 5/3 OVER" in shown(pilot))
        assert at(pilot) == "T-043"


@pytest.mark.parametrize(("answer", "due"), [("o", date(2026, 10, 30)), ("t", date(2026, 10, 25))])
async def test_a_conflict_shows_both_versions_and_asks(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path, answer: str, due: date
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        await press(pilot, "d")
        await type_in(pilot, "2026-10-30")
        service.set_due(other, ["T-043"], date(2026, 10, 25))
        await press(pilot, "enter")
        assert "was 2026-10-12, theirs 2026-10-25" in shown(pilot)
        await press(pilot, answer)
        assert card(northlight, "T-043").due_on == due


async def test_changes_of_different_fields_do_not_disagree(
    northlight: Workspace, open_copy: Callable[..., Workspace], northlight_file: Path
) -> None:
    other = open_copy(northlight_file, "jonas")
    async with running(northlight) as pilot:
        await press(pilot, "d")
        await type_in(pilot, "2026-10-30")
        service.assign_tasks(other, ["T-043"], "lena")
        await press(pilot, "enter")
        assert (card(northlight, "T-043").owner, card(northlight, "T-043").due_on) == ("lena", date(2026, 10, 30))


async def test_a_database_out_of_reach_is_told_and_the_board_stays(
    northlight: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(northlight) as pilot:
        with monkeypatch.context() as broken:
            def refuse(*_: object, **__: object) -> None:
                raise OutOfReach("The database is locked by another program; try again.")

            broken.setattr(service, "step_tasks", refuse)
            await press(pilot, ">")
        assert "locked by another program" in notice(pilot)
        await press(pilot, ">")
        assert card(northlight, "T-043").status == "review"


async def test_titles_from_outside_are_drawn_as_they_are_and_steer_nothing(northlight: Workspace) -> None:
    title = "[red]markup[/red] 漢字 \U0001f469\u200d\U0001f467 עברית"
    service.edit_tasks(northlight, ["T-043"], {"title": title})
    idea_service.capture_idea(northlight, title)
    async with running(replace(northlight)) as pilot:
        lines = shown(pilot).splitlines()
        assert any("[red]markup[/red] 漢字" in line for line in lines)
        assert "\x1b" not in shown(pilot)
