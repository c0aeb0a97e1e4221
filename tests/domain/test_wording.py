"""Strategy fields that read like tactics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.wording import tactic_in

CHANNELS = ("email", "google_business")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Post every day", "begins with 'Post'"),
        ("  launching a podcast", "begins with 'launching'"),
        ("- send the list a mail", "begins with 'send'"),
        ("Be seen with 3 posts a week", "counts pieces (3 posts)"),
        ("Trust through weekly short videos", "counts pieces (weekly short videos)"),
        ("Be found in Google Business first", "names the channel google business"),
        ("Talk to them by EMAIL", "names the channel email"),
    ],
)  # fmt: skip
def test_a_tactic_is_recognised_and_said_why(text: str, words: str) -> None:
    assert words in (tactic_in(text, CHANNELS) or "")


@pytest.mark.parametrize("text", [
    "", "Content marketing: be found, be useful, be invited to a call.",
    "They lose quiet weekdays to chains and have no time to learn marketing; we give them a plan in 12 weeks",
    "Practical people who know clinics, not an agency that sells posts", "Emails are not everything",
])
def test_a_reason_is_left_alone(text: str) -> None:
    assert tactic_in(text, ("mail",)) is None


@given(st.text(max_size=200), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_is_answered(text: str, channels: list[str]) -> None:
    found = tactic_in(text, channels)
    assert found is None or found
