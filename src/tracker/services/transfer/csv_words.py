"""The words that tables made elsewhere use for our fields and values."""

from __future__ import annotations

import re
from collections.abc import Mapping

_COLUMNS = {
    "id": "id|task id|key|issue key|issue id",
    "title": "title|task|name|task name|task title|summary|subject|what|to do|todo|item|action|card|card name|issue",
    "key_result": "key result|kr|key result id|key results|okr|result",
    "contribution": "contribution|why|purpose|rationale|moves it by",
    "notes": "notes|note|description|details|body|text|comment|comments|remarks",
    "owner": "owner|assignee|assigned to|assignees|responsible|person|who|assignee email|assignee name",
    "status": "status|state|column|list|section|bucket|section column|progress",
    "priority": "priority|prio|importance|urgency",
    "due_on": "due on|due|due date|deadline|due by|end date|target date|finish by|due day",
    "created_on": "created on|created|created at|creation date|date created|added",
    "assigned_on": "assigned on|assigned at|date assigned",
    "started_on": "started on|started|start|start date|start on|date started|started at",
    "review_on": "review on|in review since",
    "done_on": "done on|done|completed|completed on|completed at|completion date|date completed|finished|"
               "finished on|closed|closed on|resolved|done date",
    "publish_on": "publish on|publish|publish date|publication date|published on|go live",
    "estimate": "estimate|effort|hours|estimated hours|est|time estimate|estimation|estimate h",
    "estimate_low_h": "estimate low h|estimate low|low estimate|low|hours low",
    "estimate_high_h": "estimate high h|estimate high|high estimate|high|hours high",
    "cost_minor": "cost minor",
    "stage": "stage|funnel stage|funnel",
    "kind": "kind",
    "medium": "medium|format|content type",
    "channel": "channel",
    "journey_step": "journey step|step",
    "shows": "shows",
    "goal_question": "goal question",
    "rank": "rank|order|position",
    "blocked_reason": "blocked reason|blocked|blocker|blocked by|impediment",
    "blocked_on": "blocked on|blocked since",
    "cancel_reason": "cancel reason|reason cancelled|cancellation reason",
    "cancelled_on": "cancelled on|canceled on|cancelled|canceled|cancelled at",
    "recurs": "recurs|recurrence|rrule",
    "learned": "learned|lessons|lesson learned",
    "added_mid_cycle": "added mid cycle",
    "also_serves": "also serves",
}
FIELD_OF_COLUMN: Mapping[str, str] = {
    word: field for field, words in _COLUMNS.items() for word in words.split("|")
}
"""By the plain form of a header: the field it means."""

_STATUSES = {
    "backlog": "backlog|icebox|someday|later|inbox",
    "todo": "todo|to do|open|new|not started|planned|ready|next|pending|selected|up next|this week",
    "assigned": "assigned|accepted",
    "doing": "doing|in progress|wip|started|active|working on it|in work|ongoing|in arbeit",
    "review": "review|in review|to review|for review|reviewing|testing|qa|approval|waiting for approval",
    "done": "done|complete|completed|closed|finished|resolved|shipped|published|yes|true|x|100%",
    "cancelled": "cancelled|canceled|dropped|killed|rejected|wont do|won t do|won't do|abandoned|discarded",
}
STATUS_OF_WORD: Mapping[str, str] = {word: status for status, words in _STATUSES.items() for word in words.split("|")}
"""By the plain form of a cell: the status it means; `todo` is assigned or backlog, as there is an owner or not."""

_PRIORITIES = {
    "low": "low|lowest|minor|trivial|p3|p4|4|niedrig",
    "normal": "normal|medium|med|mid|none|default|standard|p2|3|-",
    "high": "high|highest|urgent|critical|major|blocker|important|p0|p1|1|2|asap",
}
PRIORITY_OF_WORD: Mapping[str, str] = {word: name for name, words in _PRIORITIES.items() for word in words.split("|")}
"""By the plain form of a cell: the priority it means."""

YES = frozenset({"true", "yes", "x", "1", "done", "✓", "✔", "y"})
NO = frozenset({"false", "no", "0", "n", ""})


def plain(text: str) -> str:
    """How headers and words are compared: letters in lower case, one space between words, no marks, no brackets."""
    without_brackets = re.sub(r"[(\[{][^)\]}]*[)\]}]", " ", text.casefold())
    return " ".join(re.sub(r"[_\-./:*?#|,;]+", " ", without_brackets).split())
