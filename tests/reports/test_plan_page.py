"""The plan on one page says the strategy, its figures and its work, and is Markdown whatever people write."""

from __future__ import annotations

import re

from tracker.reports.plan_page import SHOWN, plan_page
from tracker.services.tasks import NewTask, add_task, edit_tasks
from tracker.services.workspace import Workspace


def test_it_says_the_strategy_and_its_figures(northlight: Workspace) -> None:
    page = plan_page(northlight)

    assert page.startswith("# Content marketing that books calls\n\nAs of Mon 19 Oct 2026.\n")
    assert "- **Who:** Owner-managers of independent vet clinics with 2 to 10 staff\n" in page
    assert "- **Owner:** Mara Okafor\n" in page
    assert "- **Budget:** 2,915 of 4,650 EUR\n" in page
    assert "## October 2026: day 19 of 31\n" in page
    assert "Score 0.52, confidence +25, forecast 6 of 28 open tasks done by 2026-10-31 at 85 %, 9 at 50 % " in page
    assert "| 1 | Signed clients | 4 | 10 | 0.40 | at risk | 4 | mara | 31 Oct |" in page
    assert "| 7 | Unsubscribe rate | 0.47% | 0.50% or less | 0.67 | on track | 8 | tomas | 31 Oct |" in page


def test_it_lists_the_open_work_of_each_key_result(northlight: Workspace) -> None:
    page = plan_page(northlight)

    assert "### 1 Signed clients: 4 open, 3 done\n" in page
    assert "T-043 White paper ad to a lookalike audience (doing, tomas, due 12 Oct, late 7d, blocked" in page
    assert "### 3 Cost per booked call: 0 open, 2 done\n\nNo open task.\n" in page
    assert len(re.findall(r"^- \[ \] T-", page, re.MULTILINE)) == 28


def test_it_stays_one_page_however_many_tasks_there_are(northlight: Workspace) -> None:
    for number in range(SHOWN + 3):
        add_task(northlight, NewTask(f"More {number}", "KR-12"))

    page = plan_page(northlight)

    assert f"- and {SHOWN + 3 + 1 - SHOWN} more\n" in page
    work = page[page.index("### 8 Google rating") :]
    assert work.count("- [ ] ") == SHOWN


def test_what_people_write_is_text_and_nothing_else(northlight: Workspace) -> None:
    edit_tasks(northlight, ["T-018"], {"title": "# [x](http://a) <b>*|`_ & ~", "contribution": "a | b"})

    page = plan_page(northlight)

    assert r"T-018 \# \[x\](http://a) \<b\>\*\|\`\_ \& \~ (doing" in page
    assert r": a \| b" in page


def test_without_a_strategy_it_says_what_to_do(empty: Workspace) -> None:
    assert plan_page(empty).startswith("# No active strategy yet\n")
