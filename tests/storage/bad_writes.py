"""Every write that the database refuses by itself, beside one like it that it takes, in plain SQL."""

from __future__ import annotations

from dataclasses import dataclass

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class BadWrite:
    """A write that breaks a rule."""

    name: str
    bad: str
    says: str
    """What the refusal names, as a regular expression."""
    good: str
    """The nearest write that keeps the rule: it is taken."""
    given: tuple[str, ...] = ()
    """What is done before."""
    on: tuple[str, ...] = BOTH


def update(table: str, row: str, fields: str) -> str:
    """One row changed."""
    return f"UPDATE {table} SET {fields} WHERE id = '{row}'"


def task(fields: str, values: str) -> str:
    """A task made."""
    return f"INSERT INTO task (id, title, created_on, {fields}) VALUES ('T-100', 'New', '2026-10-10', {values})"


def key_result(fields: str, values: str, row: str = "KR-100") -> str:
    """A key result made."""
    return (
        f"INSERT INTO key_result (id, objective, title, unit, owner, starts_on, due_on, {fields}) "
        f"VALUES ('{row}', 'O-01', 'New', 'clients', 'mara', '2026-10-01', '2026-10-31', {values})"
    )


def cycle(row: str, strategy: str, starts: str, ends: str, status: str = "planned") -> str:
    """A cycle made."""
    return (
        "INSERT INTO cycle (id, strategy, name, starts_on, ends_on, status) "
        f"VALUES ('{row}', '{strategy}', 'New', '{starts}', '{ends}', '{status}')"
    )


def check_in(day: str, confidence: int, note: str) -> str:
    """A check-in made."""
    return (
        "INSERT INTO check_in (key_result, on_date, value, confidence, author, note) "
        f"VALUES ('KR-01', '{day}', 4, {confidence}, 'mara', '{note}')"
    )


def grade(raw: str, final: str, rationale: str) -> str:
    """A grade given."""
    return (
        "INSERT INTO grade (key_result, raw_score, final_score, graded_by, graded_on, rationale) "
        f"VALUES ('KR-04', {raw}, {final}, 'mara', '2026-10-31', {rationale})"
    )


FOREIGN_KEY = "(?i)foreign key"
NOT_NULL = "(?i)not.null"
SQLITE, POSTGRESQL = ("sqlite",), ("postgresql",)

# 1. Every task cites a key result.
_CITING = (
    BadWrite(
        "task_without_key_result",
        "INSERT INTO task (id, title, created_on) VALUES ('T-100', 'New', '2026-10-10')",
        NOT_NULL,
        task("key_result", "'KR-01'"),
    ),
    BadWrite("key_result_taken_away", update("task", "T-001", "key_result = NULL"), NOT_NULL,
             update("task", "T-001", "key_result = 'KR-02'")),
    BadWrite("key_result_that_is_not_there", task("key_result", "'KR-99'"),
             f"task_cites_a_key_result|{FOREIGN_KEY[4:]}", task("key_result", "'KR-02'")),
    BadWrite("key_result_changed_to_none_there", update("task", "T-001", "key_result = 'KR-99'"),
             f"task_cites_a_key_result|{FOREIGN_KEY[4:]}", update("task", "T-001", "key_result = 'KR-05'")),
    BadWrite("key_result_with_tasks_deleted", "DELETE FROM key_result WHERE id = 'KR-09'",
             f"key_result_has_tasks|{FOREIGN_KEY[4:]}", "DELETE FROM key_result WHERE id = 'KR-05'"),
    BadWrite("objective_with_tasks_below_deleted", "DELETE FROM objective WHERE id = 'O-04'", FOREIGN_KEY,
             "DELETE FROM objective WHERE id = 'O-02'"),
    BadWrite("key_result_id_changed_under_its_tasks", update("key_result", "KR-01", "id = 'KR-77'"), "ids_are_kept",
             update("key_result", "KR-01", "title = 'Renamed'")),
    BadWrite("contribution_left_out_where_required_on_insert",
             task("key_result, status, owner, assigned_on", "'KR-09', 'assigned', 'mara', '2026-10-10'"),
             "contribution_is_required",
             task("key_result, status, owner, assigned_on, contribution",
                   "'KR-09', 'assigned', 'mara', '2026-10-10', 'brings two calls'")),
    BadWrite("contribution_left_out_where_required_on_assigning",
             update("task", "T-008", "status = 'assigned', owner = 'mara', assigned_on = '2026-10-10'"),
             "contribution_is_required",
             update("task", "T-008", "status = 'assigned', owner = 'mara', assigned_on = '2026-10-10', "
                                      "contribution = 'brings two calls'")),
    BadWrite("contribution_emptied_where_required", update("task", "T-008", "contribution = '  '"),
             "contribution_is_required", update("task", "T-008", "contribution = 'brings three'"),
             given=(update("task", "T-008", "status = 'assigned', owner = 'mara', assigned_on = '2026-10-10', "
                                             "contribution = 'brings two calls'"),)),
    BadWrite("task_moved_below_a_strict_strategy", update("task", "T-002", "key_result = 'KR-09'"),
             "contribution_is_required", update("task", "T-001", "key_result = 'KR-09'")),
)

# 2. What each status needs.
_STATUS = (
    BadWrite("assigned_to_nobody", update("task", "T-001", "status = 'assigned', assigned_on = '2026-10-10'"),
             "assigned_has_an_owner",
             update("task", "T-001", "status = 'assigned', assigned_on = '2026-10-10', owner = 'mara'")),
    BadWrite("assigned_on_no_day", update("task", "T-001", "status = 'assigned', owner = 'mara'"),
             "assigned_has_an_owner",
             update("task", "T-001", "status = 'assigned', assigned_on = '2026-10-10', owner = 'mara'")),
    BadWrite("done_by_nobody", update("task", "T-005", "owner = NULL"), "assigned_has_an_owner",
             update("task", "T-005", "owner = 'tomas'")),
    BadWrite("owner_taken_from_doing", update("task", "T-003", "owner = NULL"), "assigned_has_an_owner",
             update("task", "T-003", "owner = 'mara'")),
    BadWrite("owner_that_is_nobody", update("task", "T-003", "owner = 'ghost'"), FOREIGN_KEY,
             update("task", "T-003", "owner = 'mara'")),
    BadWrite("owner_deleted", "DELETE FROM person WHERE id = 'tomas'", FOREIGN_KEY,
             "DELETE FROM person WHERE id = 'idle'"),
    BadWrite("doing_without_a_start", update("task", "T-002", "status = 'doing'"), "started_has_a_day",
             update("task", "T-002", "status = 'doing', started_on = '2026-10-10'")),
    BadWrite("review_without_a_start", update("task", "T-004", "started_on = NULL"), "started_has_a_day",
             update("task", "T-004", "started_on = '2026-10-06'")),
    BadWrite("done_without_a_start", update("task", "T-005", "started_on = NULL"), "started_has_a_day",
             update("task", "T-005", "started_on = '2026-10-06'")),
    BadWrite("done_on_no_day", update("task", "T-004", "status = 'done'"), "done_has_a_day",
             update("task", "T-004", "status = 'done', done_on = '2026-10-10'")),
    BadWrite("done_day_without_being_done", update("task", "T-004", "done_on = '2026-10-10'"), "done_has_a_day",
             update("task", "T-004", "review_on = '2026-10-10'")),
    BadWrite("cancelled_without_a_reason", update("task", "T-001", "status = 'cancelled'"), "cancelled_says_why",
             update("task", "T-001", "status = 'cancelled', cancel_reason = 'doubled'")),
    BadWrite("cancelled_for_a_blank_reason", update("task", "T-006", "cancel_reason = '  '"), "cancelled_says_why",
             update("task", "T-006", "cancel_reason = 'doubled'")),
    BadWrite("cancel_reason_without_being_cancelled", update("task", "T-001", "cancel_reason = 'doubled'"),
             "cancelled_says_why|only_cancelled_has_a_cancel_reason", update("task", "T-001", "notes = 'doubled'")),
    BadWrite("blank_cancel_reason_without_being_cancelled", update("task", "T-001", "cancel_reason = ''"),
             "only_cancelled_has_a_cancel_reason", update("task", "T-001", "learned = ''")),
    BadWrite("status_that_is_not_known", update("task", "T-001", "status = 'paused'"), "status_is_known",
             update("task", "T-001", "status = 'cancelled', cancel_reason = 'paused for good'")),
    BadWrite("status_taken_away", update("task", "T-001", "status = NULL"), NOT_NULL,
             update("task", "T-001", "status = 'cancelled', cancel_reason = 'paused for good'")),
    BadWrite("task_without_a_title", update("task", "T-001", "title = '  '"), "task_has_a_title",
             update("task", "T-001", "title = 'x'")),
)

# 3. and 4. Figures and flags of a task.
_FIGURES = (
    BadWrite("low_estimate_above_the_high_one", update("task", "T-001", "estimate_low_h = 3"), "estimate_is_in_order",
             update("task", "T-001", "estimate_low_h = 2.5")),
    BadWrite("negative_estimate", update("task", "T-002", "estimate_low_h = -1"), "estimate_is_not_negative",
             update("task", "T-002", "estimate_low_h = 0")),
    BadWrite("negative_high_estimate", update("task", "T-002", "estimate_high_h = -1"), "estimate_is_not_negative",
             update("task", "T-002", "estimate_high_h = 1")),
    BadWrite("endless_estimate", update("task", "T-002", "estimate_high_h = 9e400"), "estimate_high_h_is_a_number",
             update("task", "T-002", "estimate_high_h = 900"), on=SQLITE),
    BadWrite("endless_estimate_in_postgresql", update("task", "T-002", "estimate_high_h = 'Infinity'"),
             "estimate_high_h_is_a_number", update("task", "T-002", "estimate_high_h = 900"), on=POSTGRESQL),
    BadWrite("estimate_of_no_number", update("task", "T-002", "estimate_low_h = 'NaN'"), "estimate_low_h_is_a_number",
             update("task", "T-002", "estimate_low_h = '1.5'")),
    BadWrite("negative_cost", update("task", "T-001", "cost_minor = -1"), "cost_is_not_negative",
             update("task", "T-001", "cost_minor = 5000000000")),
    BadWrite("done_before_it_was_started", update("task", "T-005", "done_on = '2026-10-04'"), "done_after_it_started",
             update("task", "T-005", "done_on = '2026-10-05'")),
    BadWrite("ongoing_work_that_recurs", update("task", "T-001", "recurs = 'FREQ=WEEKLY'"),
             "only_foundational_work_recurs",
             update("task", "T-001", "recurs = 'FREQ=WEEKLY', kind = 'foundational'")),
    BadWrite("kind_taken_from_recurring_work", update("task", "T-001", "kind = 'ongoing'"),
             "only_foundational_work_recurs", update("task", "T-001", "kind = 'ongoing', recurs = NULL"),
             given=(update("task", "T-001", "recurs = 'FREQ=WEEKLY', kind = 'foundational'"),)),
    BadWrite("blocked_in_the_backlog", update("task", "T-001", "blocked_reason = 'waits'"),
             "only_assigned_work_is_blocked", update("task", "T-002", "blocked_reason = 'waits'")),
    BadWrite("blocked_when_done", update("task", "T-005", "blocked_reason = 'waits'"),
             "only_assigned_work_is_blocked", update("task", "T-004", "blocked_reason = 'waits'")),
    BadWrite("blocked_and_finished",
             update("task", "T-003", "status = 'done', done_on = '2026-10-10'"), "only_assigned_work_is_blocked",
             update("task", "T-003", "status = 'done', done_on = '2026-10-10', blocked_reason = NULL")),
    BadWrite("blocked_for_a_blank_reason", update("task", "T-003", "blocked_reason = ' '"),
             "only_assigned_work_is_blocked", update("task", "T-003", "blocked_reason = 'x'")),
    BadWrite("number_below_one", task("key_result, number", "'KR-01', 0"), "number_is_positive",
             task("key_result, number", "'KR-01', 1000")),
    BadWrite("unknown_kind", update("task", "T-001", "kind = 'urgent'"), "kind_is_known",
             update("task", "T-001", "kind = 'foundational'")),
    BadWrite("unknown_priority", update("task", "T-001", "priority = 'urgent'"), "priority_is_known",
             update("task", "T-001", "priority = 'high'")),
    BadWrite("shows_something_unknown", update("task", "T-001", "shows = 'cats'"), "shows_is_known",
             update("task", "T-001", "shows = 'proof'")),
    BadWrite("flag_that_is_neither", update("task", "T-001", "added_mid_cycle = 2"), "added_mid_cycle_is_a_flag",
             update("task", "T-001", "added_mid_cycle = 1")),
)

# 5. Open tasks and the end of key results.
_ENDINGS = (
    BadWrite("open_task_on_a_graded_key_result", task("key_result", "'KR-03'"), "open_task_cites_open_key_result",
             task("key_result, status, cancel_reason", "'KR-03', 'cancelled', 'imported'")),
    BadWrite("open_task_on_a_dropped_key_result", task("key_result", "'KR-04'"), "open_task_cites_open_key_result",
             task("key_result", "'KR-02'")),
    BadWrite("open_task_moved_to_a_graded_key_result", update("task", "T-001", "key_result = 'KR-03'"),
             "open_task_cites_open_key_result", update("task", "T-006", "key_result = 'KR-03'")),
    BadWrite("task_reopened_on_a_graded_key_result", update("task", "T-005", "status = 'doing', done_on = NULL"),
             "open_task_cites_open_key_result",
             update("task", "T-005", "status = 'doing', done_on = NULL, key_result = 'KR-01'")),
    BadWrite("key_result_with_open_tasks_graded", update("key_result", "KR-01", "status = 'graded'"),
             "key_result_has_open_tasks", update("key_result", "KR-05", "status = 'graded'")),
    BadWrite("key_result_with_open_tasks_dropped",
             update("key_result", "KR-06", "status = 'dropped', drop_reason = 'why'"), "key_result_has_open_tasks",
             update("key_result", "KR-05", "status = 'dropped', drop_reason = 'why'")),
    BadWrite("key_result_graded_and_renumbered", update("key_result", "KR-01", "status = 'graded', id = 'KR-77'"),
             "key_result_has_open_tasks|ids_are_kept", update("key_result", "KR-02", "status = 'graded'")),
    BadWrite("dropped_without_a_reason", update("key_result", "KR-05", "status = 'dropped'"), "dropped_says_why",
             update("key_result", "KR-05", "status = 'dropped', drop_reason = 'why'")),
)

# 6. The measure of a key result.
_MEASURES = (
    BadWrite("increase_to_the_baseline", update("key_result", "KR-01", "target = 0"), "increase_goes_up",
             update("key_result", "KR-01", "target = 0.5")),
    BadWrite("decrease_that_sorts_up_as_text", update("key_result", "KR-01", "baseline = 20, target = 3"),
             "increase_goes_up", update("key_result", "KR-01", "baseline = 9, target = 10")),
    BadWrite("increase_without_baseline", update("key_result", "KR-01", "baseline = NULL"), "increase_goes_up",
             update("key_result", "KR-01", "baseline = -1")),
    BadWrite("decrease_upwards", update("key_result", "KR-07", "target = 100"), "decrease_goes_down",
             update("key_result", "KR-07", "target = 94.99")),
    BadWrite("decrease_without_baseline", update("key_result", "KR-07", "baseline = NULL"), "decrease_goes_down",
             update("key_result", "KR-07", "baseline = 200")),
    BadWrite("guardrail_with_a_baseline", update("key_result", "KR-05", "baseline = 1"), "maintain_has_no_baseline",
             update("key_result", "KR-05", "target = 1")),
    BadWrite("between_without_upper_bound", update("key_result", "KR-08", "target_max = NULL"),
             "between_has_two_bounds", update("key_result", "KR-08", "target_max = 10.5")),
    BadWrite("between_bounds_crossed", update("key_result", "KR-08", "target_max = 9"), "between_has_two_bounds",
             update("key_result", "KR-08", "target_max = 11")),
    BadWrite("upper_bound_elsewhere", update("key_result", "KR-01", "target_max = 20"), "between_has_two_bounds",
             update("key_result", "KR-01", "stretch = 20")),
    BadWrite("half_a_milestone", update("key_result", "KR-06", "target = 3.5"), "milestones_count_up_from_zero",
             update("key_result", "KR-06", "target = 3")),
    BadWrite("milestones_from_one", update("key_result", "KR-06", "baseline = 1"), "milestones_count_up_from_zero",
             update("key_result", "KR-06", "baseline = 0, target = 9")),
    BadWrite("milestones_downwards", update("key_result", "KR-06", "direction = 'decrease', target = -4"),
             "milestones_count_up_from_zero",
             update("key_result", "KR-06", "metric_kind = 'number', direction = 'decrease', target = -4")),
    BadWrite("currency_metric_without_currency", update("key_result", "KR-07", "currency = NULL"),
             "currency_goes_with_currency_metrics", update("key_result", "KR-07", "currency = 'USD'")),
    BadWrite("currency_of_no_code", update("key_result", "KR-07", "currency = 'EURO'"),
             "currency_goes_with_currency_metrics", update("key_result", "KR-07", "currency = 'USD'")),
    BadWrite("currency_without_currency_metric", update("key_result", "KR-01", "currency = 'EUR'"),
             "currency_goes_with_currency_metrics", update("key_result", "KR-01", "unit = 'EUR'")),
    BadWrite("target_taken_away", update("key_result", "KR-05", "target = NULL"), NOT_NULL,
             update("key_result", "KR-05", "target = 0.7")),
    BadWrite("target_of_no_number", update("key_result", "KR-05", "target = 'NaN'"), "target_is_a_number",
             update("key_result", "KR-05", "target = '-0.70'")),
    BadWrite("unknown_direction", update("key_result", "KR-05", "direction = 'sideways'"), "direction_is_known",
             update("key_result", "KR-05", "direction = 'maintain_above'")),
    BadWrite("unknown_metric", update("key_result", "KR-05", "metric_kind = 'mood'"), "metric_kind_is_known",
             update("key_result", "KR-05", "metric_kind = 'percent'")),
    BadWrite("unknown_indicator", update("key_result", "KR-05", "indicator = 'mood'"), "indicator_is_known",
             update("key_result", "KR-05", "indicator = 'leading'")),
    BadWrite("unknown_kind_of_result", update("key_result", "KR-05", "result_kind = 'mood'"), "result_kind_is_known",
             update("key_result", "KR-05", "result_kind = 'output'")),
    BadWrite("key_result_without_unit", update("key_result", "KR-05", "unit = ' '"), "key_result_has_title_and_unit",
             update("key_result", "KR-05", "unit = 'x'")),
    BadWrite("seven_digits", update("key_result", "KR-05", "precision = 7"), "precision_is_0_to_6",
             update("key_result", "KR-05", "precision = 6")),
    BadWrite("check_ins_every_93_days", update("key_result", "KR-05", "cadence_days = 93"), "cadence_is_1_to_92_days",
             update("key_result", "KR-05", "cadence_days = 92")),
    BadWrite("negative_weight", update("key_result", "KR-05", "weight = -1"), "key_result_weight_is_not_negative",
             update("key_result", "KR-05", "weight = 0")),
    BadWrite("due_before_it_starts", update("key_result", "KR-05", "due_on = '2026-09-30'"),
             "key_result_ends_after_it_starts", update("key_result", "KR-05", "due_on = '2026-10-01'")),
    BadWrite("key_result_owned_by_nobody", update("key_result", "KR-05", "owner = NULL"), NOT_NULL,
             update("key_result", "KR-05", "owner = 'tomas'")),
    BadWrite("expected_share_above_one", "UPDATE planned_point SET expected = 1.1", "expected_is_a_share",
             "UPDATE planned_point SET expected = 1"),
    BadWrite("rate_above_one", "UPDATE journey_step SET rate = 1.1 WHERE position = 1", "rate_is_a_share",
             "UPDATE journey_step SET rate = 1 WHERE position = 1"),
    BadWrite("rate_of_nothing", "UPDATE journey_step SET rate = 0 WHERE position = 1", "rate_is_a_share",
             "UPDATE journey_step SET rate = 0.0001 WHERE position = 1"),
)

# 7. Check-ins.
_CHECK_INS = (
    BadWrite("second_check_in_on_a_day", check_in("2026-10-19", 5, "again"), "one_check_in_a_day|check_in_pkey",
             check_in("2026-10-20", 5, "again")),
    BadWrite("check_in_moved_onto_another",
             "UPDATE check_in SET on_date = '2026-10-19' WHERE on_date = '2026-10-12'",
             "one_check_in_a_day|check_in_pkey",
             "UPDATE check_in SET on_date = '2026-10-13' WHERE on_date = '2026-10-12'"),
    BadWrite("confidence_of_11", check_in("2026-10-20", 11, "sure"), "confidence_is_0_to_10",
             check_in("2026-10-20", 10, "sure")),
    BadWrite("confidence_below_0", check_in("2026-10-20", -1, "sure"), "confidence_is_0_to_10",
             check_in("2026-10-20", 0, "unsure")),
    BadWrite("check_in_with_a_blank_note", check_in("2026-10-20", 5, "  "), "check_in_has_a_note",
             check_in("2026-10-20", 5, "x")),
    BadWrite("check_in_without_a_note",
             "INSERT INTO check_in (key_result, on_date, value, confidence, author) "
             "VALUES ('KR-01', '2026-10-20', 4, 5, 'mara')", NOT_NULL, check_in("2026-10-20", 5, "x")),
    BadWrite("override_without_a_reason", "UPDATE check_in SET health_override = 'on track'", "override_says_why",
             "UPDATE check_in SET health_override = 'on track', override_reason = 'signed yesterday'"),
    BadWrite("override_of_no_health",
             "UPDATE check_in SET health_override = 'fine', override_reason = 'x'", "override_is_a_health",
             "UPDATE check_in SET health_override = 'off track', override_reason = 'x'"),
)

# 8. and 9. Strategies, cycles, objectives.
DRAFT = (
    "INSERT INTO strategy (id, title, owner, status, who, why, approach, desired_action, horizon_start, horizon_end) "
    "VALUES ('S-09', 'New', 'mara', '{status}', 'a', 'b', 'c', 'd', '2026-01-01', '2026-12-31')"
)
_RETIRE = update("strategy", "S-01", "status = 'retired'")
_STRATEGIES = (
    BadWrite("objective_in_a_cycle_of_another_strategy", update("objective", "O-01", "cycle = 'C-03'"), FOREIGN_KEY,
             update("objective", "O-01", "cycle = 'C-02'")),
    BadWrite("objective_of_another_strategy", update("objective", "O-01", "strategy = 'S-02'"), FOREIGN_KEY,
             update("objective", "O-01", "strategy = 'S-02', cycle = 'C-03'")),
    BadWrite("objective_without_weight", update("objective", "O-01", "weight = 0"), "objective_weight_is_positive",
             update("objective", "O-01", "weight = 0.1")),
    BadWrite("objective_without_a_title", update("objective", "O-01", "title = ''"), "objective_has_a_title",
             update("objective", "O-01", "title = 'x'")),
    BadWrite("objective_of_unknown_ambition", update("objective", "O-01", "ambition = 'wild'"), "ambition_is_known",
             update("objective", "O-01", "ambition = 'aspirational'")),
    BadWrite("cycle_over_another", cycle("C-09", "S-01", "2026-10-31", "2026-10-31"), "cycles_do_not_overlap",
             cycle("C-09", "S-01", "2026-12-01", "2026-12-31")),
    BadWrite("cycle_around_another", cycle("C-09", "S-01", "2026-01-01", "2026-12-31"), "cycles_do_not_overlap",
             cycle("C-09", "S-03", "2026-01-01", "2026-12-31")),
    BadWrite("cycle_stretched_over_another", update("cycle", "C-01", "ends_on = '2026-11-01'"),
             "cycles_do_not_overlap", update("cycle", "C-01", "starts_on = '2026-09-01'")),
    BadWrite("cycle_given_to_a_strategy_that_has_one_then", update("cycle", "C-02", "strategy = 'S-02'"),
             "cycles_do_not_overlap", update("cycle", "C-02", "strategy = 'S-03'")),
    BadWrite("second_running_cycle", update("cycle", "C-02", "status = 'grading'"), "one_running_cycle",
             update("cycle", "C-02", "status = 'closed'")),
    BadWrite("second_running_cycle_while_grading", update("cycle", "C-02", "status = 'active'"), "one_running_cycle",
             update("cycle", "C-02", "status = 'closed'"), given=(update("cycle", "C-01", "status = 'grading'"),)),
    BadWrite("second_running_cycle_inserted", cycle("C-09", "S-01", "2026-12-01", "2026-12-31", "active"),
             "one_running_cycle", cycle("C-09", "S-03", "2026-12-01", "2026-12-31", "active")),
    BadWrite("cycle_that_ends_first", update("cycle", "C-02", "ends_on = '2026-10-31', starts_on = '2026-11-02'"),
             "cycle_ends_after_it_starts|cycles_do_not_overlap",
             update("cycle", "C-02", "ends_on = '2026-11-02', starts_on = '2026-11-02'")),
    BadWrite("cycle_backwards_in_free_time", cycle("C-09", "S-01", "2027-02-01", "2027-01-01"),
             "cycle_ends_after_it_starts", cycle("C-09", "S-01", "2027-01-01", "2027-01-01")),
    BadWrite("check_in_on_day_eight", update("cycle", "C-02", "checkin_weekday = 8"), "checkin_weekday_is_iso",
             update("cycle", "C-02", "checkin_weekday = 7")),
    BadWrite("strategy_inserted_as_active", DRAFT.format(status="active"), "strategy_starts_as_draft",
             DRAFT.format(status="draft"), given=(_RETIRE,)),
    BadWrite("second_active_strategy", update("strategy", "S-02", "status = 'active'"), "one_active_strategy",
             update("strategy", "S-02", "status = 'retired'")),
    BadWrite("active_without_a_channel", update("strategy", "S-03", "status = 'active'"),
             "active_strategy_has_a_channel", update("strategy", "S-02", "status = 'active'"), given=(_RETIRE,)),
    BadWrite("last_channel_deleted", "DELETE FROM strategy_channel WHERE strategy = 'S-01'",
             "active_strategy_has_a_channel", "DELETE FROM strategy_channel WHERE strategy = 'S-02'"),
    BadWrite("last_channel_deleted_after_the_other",
             "DELETE FROM strategy_channel WHERE strategy = 'S-01' AND channel = 'email'",
             "active_strategy_has_a_channel",
             "UPDATE strategy_channel SET channel = 'press' WHERE strategy = 'S-01'",
             given=("DELETE FROM strategy_channel WHERE strategy = 'S-01' AND channel = 'website'",)),
    BadWrite("channels_given_to_another_strategy",
             "UPDATE strategy_channel SET strategy = 'S-03' WHERE strategy = 'S-01'", "active_strategy_has_a_channel",
             "UPDATE strategy_channel SET strategy = 'S-03' WHERE strategy = 'S-02'"),
    BadWrite("used_channel_deleted", "DELETE FROM channel WHERE id = 'website'", FOREIGN_KEY,
             "DELETE FROM channel WHERE id = 'press'"),
    *(
        BadWrite(f"active_without_{field}", update("strategy", "S-01", f"{field} = {empty}"),
                 "active_strategy_says_who_why_how_and_what", update("strategy", "S-02", f"{field} = {empty}"))
        for field in ("who", "why", "approach", "desired_action")
        for empty in ("NULL", "' '")
    ),
    BadWrite("strategy_of_nobody", update("strategy", "S-01", "owner = NULL"), NOT_NULL,
             update("strategy", "S-01", "owner = 'tomas'")),
    BadWrite("strategy_without_a_title", update("strategy", "S-01", "title = ' '"), "strategy_has_a_title",
             update("strategy", "S-01", "title = 'x'")),
    BadWrite("horizon_backwards", update("strategy", "S-01", "horizon_end = '2026-01-01'"),
             "horizon_ends_after_it_starts", update("strategy", "S-01", "horizon_end = '2026-07-01'")),
    BadWrite("negative_budget", update("strategy", "S-01", "budget_minor = -1"), "budget_is_not_negative",
             update("strategy", "S-01", "budget_minor = 5000000000")),
    BadWrite("review_every_zero_days", update("strategy", "S-01", "review_every_days = 0"), "review_comes_round",
             update("strategy", "S-01", "review_every_days = 1")),
    BadWrite("contribution_setting_that_is_neither", update("strategy", "S-01", "contribution_required = 2"),
             "contribution_required_is_a_flag", update("strategy", "S-01", "contribution_required = 1")),
    BadWrite("stages_that_are_no_list", update("strategy", "S-01", "stages = '5'"), "stages_is_a_list_or_object",
             update("strategy", "S-01", "stages = '[\"first\", \"second\"]'")),
)

# 10. Grades.
_GRADES = (
    BadWrite("other_grade_without_a_reason", grade("0.4", "0.5", "NULL"), "other_grade_says_why",
             grade("0.4", "0.4", "NULL")),
    BadWrite("other_grade_for_nine_letters", grade("0.4", "0.5", "'123456789'"), "other_grade_says_why",
             grade("0.4", "0.5", "'1234567890'")),
    BadWrite("other_grade_for_blanks", grade("0.4", "0.5", "'            '"), "other_grade_says_why",
             grade("0.4", "0.40", "'            '")),
    BadWrite("grade_raised_afterwards", "UPDATE grade SET final_score = 0.9", "other_grade_says_why",
             "UPDATE grade SET final_score = 0.9, rationale = 'the two that signed in November'"),
    BadWrite("grade_above_one", grade("0.4", "1.1", "'well above the stretch'"), "grade_is_a_share",
             grade("0.4", "1", "'well above the stretch'")),
)

# 11. External links.
LINK = "INSERT INTO external_link (task, connector, external_id) VALUES ('{task}', '{connector}', '{external}')"
_LINKS = (
    BadWrite("link_from_the_backlog", LINK.format(task="T-001", connector="asana", external="7"),
             "link_beyond_backlog", LINK.format(task="T-004", connector="asana", external="7")),
    BadWrite("link_moved_to_the_backlog", "UPDATE external_link SET task = 'T-001' WHERE task = 'T-002'",
             "link_beyond_backlog", "UPDATE external_link SET task = 'T-004' WHERE task = 'T-002'"),
    BadWrite("external_id_twice", LINK.format(task="T-004", connector="asana", external="1200"),
             "rows_are_not_replaced|external_link_connector_external_id_key",
             LINK.format(task="T-004", connector="wrike", external="1200")),
    BadWrite("external_id_changed_to_one_in_use",
             "UPDATE external_link SET external_id = '1200' WHERE task = 'T-003'",
             "rows_are_not_replaced|external_link_connector_external_id_key",
             "UPDATE external_link SET external_id = '1202' WHERE task = 'T-003'"),
    BadWrite("link_of_unknown_state", "UPDATE external_link SET state = 'odd'", "state_is_known",
             "UPDATE external_link SET state = 'gone'"),
    BadWrite("operation_twice",
             "INSERT INTO outbox (connector, operation, idempotency_key) VALUES ('asana', 'create', 'k-1')",
             "(?i)unique",
             "INSERT INTO outbox (connector, operation, idempotency_key) VALUES ('asana', 'create', 'k-2')"),
)

# Waiting, messages, history.
WAIT = "INSERT INTO task_dependency (task, waits_for) VALUES ('{task}', '{other}')"
_HANGING_ON = (
    BadWrite("waiting_for_itself", WAIT.format(task="T-001", other="T-001"),
             "no_task_waits_for_itself", WAIT.format(task="T-001", other="T-007")),
    BadWrite("waiting_for_each_other", WAIT.format(task="T-002", other="T-001"), "no_circle_of_waiting",
             WAIT.format(task="T-007", other="T-001")),
    BadWrite("waiting_round_a_chain", WAIT.format(task="T-004", other="T-001"), "no_circle_of_waiting",
             WAIT.format(task="T-001", other="T-004")),
    BadWrite("dependency_turned_round", "UPDATE task_dependency SET task = 'T-004', waits_for = 'T-001'",
             "dependency_is_removed_and_added", "DELETE FROM task_dependency WHERE task = 'T-001'"),
    BadWrite("waiting_twice_for_the_same", WAIT.format(task="T-001", other="T-002"),
             "rows_are_not_replaced|task_dependency_pkey", WAIT.format(task="T-001", other="T-003")),
    BadWrite("comment_of_blanks",
             "INSERT INTO comment (task, \"on\", \"by\", body) VALUES ('T-001', '2026-10-02', 'mara', ' ')",
             "comment_says_something",
             "INSERT INTO comment (task, \"on\", \"by\", body) VALUES ('T-001', '2026-10-02', 'mara', 'x')"),
    BadWrite("comment_numbered_below_one",
             "INSERT INTO comment (number, task, \"on\", \"by\", body) VALUES (0, 'T-001', '2026-10-02', 'mara', 'x')",
             "number_is_positive",
             "INSERT INTO comment (number, task, \"on\", \"by\", body) VALUES (99, 'T-001', '2026-10-02', 'me', 'x')"),
    BadWrite("run_that_ends_in_an_unknown_way", "UPDATE sync_run SET outcome = 'perhaps'", "outcome_of_run_is_known",
             "UPDATE sync_run SET outcome = 'stopped'"),
    BadWrite("run_numbered_below_one", "INSERT INTO sync_run (number, connector, began_at) VALUES (0, 'asana', 'x')",
             "number_is_positive", "INSERT INTO sync_run (number, connector, began_at) VALUES (99, 'asana', 'x')"),
    BadWrite("comment_with_two_twins",
             "INSERT INTO comment_link (comment, connector, external_id) VALUES (1, 'asana', '1301')",
             "UNIQUE|comment_link_pkey",
             "INSERT INTO comment_link (comment, connector, external_id) VALUES (1, 'wrike', '1301')"),
    BadWrite("event_rewritten", "UPDATE task_event SET to_status = 'done'", "history_is_append_only",
             "INSERT INTO task_event (task, seq, on_date, to_status) VALUES ('T-001', 1, '2026-10-02', 'assigned')"),
    BadWrite("event_removed", "DELETE FROM task_event", "history_is_append_only",
             "DELETE FROM task WHERE id = 'T-001'"),
    BadWrite("event_on_no_day",
             "INSERT INTO task_event (task, seq, on_date, to_status) VALUES ('T-001', 1, '2026-11-31', 'assigned')",
             "on_date_is_a_day|date/time",
             "INSERT INTO task_event (task, seq, on_date, to_status) VALUES ('T-001', 1, '2026-11-30', 'assigned')"),
    BadWrite("change_rewritten", "UPDATE change SET new = '\"another\"'", "history_is_append_only",
             "INSERT INTO change (batch, seq, entity, id, field) VALUES (1, 1, 'task', 'T-001', '*')"),
    BadWrite("change_removed", "DELETE FROM change", "history_is_append_only",
             "INSERT INTO change (batch, seq, entity, id, field) VALUES (1, 1, 'task', 'T-001', '*')"),
    BadWrite("author_of_a_change_rewritten", "UPDATE change_batch SET \"by\" = 'tomas'", "history_is_append_only",
             "UPDATE change_batch SET is_reverted = 1"),
    BadWrite("time_of_a_change_rewritten", "UPDATE change_batch SET at = '2020-01-01'", "history_is_append_only",
             "UPDATE change_batch SET is_reverted = 1"),
    BadWrite("batch_removed", "DELETE FROM change_batch", "history_is_append_only",
             "INSERT INTO change_batch (at, \"by\", label) VALUES ('2026-10-02', 'mara', 'x')"),
    BadWrite("empty_batch_removed", "DELETE FROM change_batch WHERE label = 'empty'", "history_is_append_only",
             "INSERT INTO change_batch (at, \"by\", label, kind) VALUES ('2026-10-02', 'mara', 'x', 'undo')",
             given=("INSERT INTO change_batch (at, \"by\", label) VALUES ('2026-10-02', 'mara', 'empty')",)),
    BadWrite("batch_of_unknown_kind",
             "INSERT INTO change_batch (at, \"by\", label, kind) VALUES ('2026-10-02', 'mara', 'x', 'magic')",
             "kind_is_known",
             "INSERT INTO change_batch (at, \"by\", label, kind) VALUES ('2026-10-02', 'mara', 'x', 'redo')"),
    BadWrite("batch_numbered_below_one",
             "INSERT INTO change_batch (number, at, \"by\", label) VALUES (-1, '2026-10-02', 'mara', 'x')",
             "number_is_positive",
             "INSERT INTO change_batch (number, at, \"by\", label) VALUES (99, '2026-10-02', 'mara', 'x')"),
    BadWrite("reverted_by_half", "UPDATE change_batch SET is_reverted = 2", "is_reverted_is_a_flag",
             "UPDATE change_batch SET is_reverted = 1"),
    *(
        BadWrite(f"{table}_renumbered", f"UPDATE {table} SET id = '{row}x' WHERE id = '{row}'", "ids_are_kept",
                 f"UPDATE {table} SET id = id, title = 'x' WHERE id = '{row}'")
        for table, row in (("strategy", "S-03"), ("objective", "O-02"), ("task", "T-007"))
    ),
    BadWrite("cycle_renumbered", update("cycle", "C-02", "id = 'C-77'"), "ids_are_kept",
             update("cycle", "C-02", "name = 'x'")),
    BadWrite("task_number_changed", update("task", "T-001", "number = 1000"), "ids_are_kept",
             update("task", "T-001", "number = number, title = 'x'")),
    BadWrite("comment_renumbered", "UPDATE comment SET number = number + 100", "ids_are_kept",
             "UPDATE comment SET body = 'x'"),
)

# The rest of what is planned.
_REST = (
    BadWrite("person_without_a_name", update("person", "idle", "name = ' '"), "person_is_named",
             update("person", "idle", "name = 'x'")),
    BadWrite("person_in_no_role", update("person", "idle", "role = 'king'"), "role_is_known",
             update("person", "idle", "role = 'manager'")),
    BadWrite("negative_capacity", update("person", "idle", "capacity_h_week = -1"), "capacity_is_not_negative",
             update("person", "idle", "capacity_h_week = 0")),
    BadWrite("negative_rate", update("person", "idle", "rate_minor_per_day = -1"), "rate_is_not_negative",
             update("person", "idle", "rate_minor_per_day = 0")),
    BadWrite("half_active_person", update("person", "idle", "active = 2"), "active_is_a_flag",
             update("person", "idle", "active = 0")),
    BadWrite("idea_without_a_title", update("idea", "I-01", "title = ' '"), "idea_has_a_title",
             update("idea", "I-01", "title = 'x'")),
    BadWrite("arrival_twice",
             "INSERT INTO import_item (id, connector, external_id, title, raw, \"on\") VALUES "
             "('A-02', 'csv:tasks.csv', '7', 'Again', '{}', '2026-10-02')", "(?i)unique",
             "INSERT INTO import_item (id, connector, external_id, title, raw, \"on\") VALUES "
             "('A-02', 'csv:tasks.csv', '8', 'Again', '{}', '2026-10-02')"),
    BadWrite("limit_of_nothing", "UPDATE wip_limit SET max = 0", "limit_is_positive", "UPDATE wip_limit SET max = 1"),
    BadWrite("limit_of_unknown_scope", "UPDATE wip_limit SET scope = 'moon'", "scope_is_known",
             "UPDATE wip_limit SET scope = 'person_doing'"),
    BadWrite("limit_of_unknown_mode", "UPDATE wip_limit SET mode = 'maybe'", "mode_is_known",
             "UPDATE wip_limit SET mode = 'hard'"),
    BadWrite("decision_of_unknown_choice", "UPDATE decision SET choice = 'maybe'", "choice_is_known",
             "UPDATE decision SET choice = 'kill'"),
    BadWrite("money_below_nothing", "UPDATE budget_line SET spent_minor = -1", "money_is_not_negative",
             "UPDATE budget_line SET spent_minor = 5000000000"),
)

# 12. Days. SQLite keeps them as text; what is no day of PostgreSQL's fails before any rule is asked.
_DAYS = (
    *(
        BadWrite(f"day_written_as_{value}", update("task", "T-001", f"due_on = '{value}'"),
                 "due_on_is_a_day|date/time|invalid input syntax", update("task", "T-001", "due_on = '2028-02-29'"))
        for value in ("2026-11-31", "2026-02-29", "2026-13-01", "2026-00-10", "soon", "")
    ),
    *(
        BadWrite(f"day_of_another_form_{value}", update("task", "T-001", f"due_on = '{value}'"),
                 "due_on_is_a_day|non-deterministic", update("task", "T-001", "due_on = '2026-10-21'"), on=SQLITE)
        for value in ("2026-10-21 10:00", "20261021", "2026-1-2", "now", "0000-01-01", "-4713-11-24", "2461335.5")
    ),
    *(
        BadWrite(f"day_that_python_does_not_know_{value}", update("task", "T-001", f"due_on = '{value}'"),
                 "due_on_is_a_day", update("task", "T-001", "due_on = '9999-12-31'"), on=POSTGRESQL)
        for value in ("infinity", "-infinity", "10000-01-01", "0001-12-31 BC")
    ),
)

BAD_WRITES = (
    *_CITING, *_STATUS, *_FIGURES, *_ENDINGS, *_MEASURES, *_CHECK_INS, *_STRATEGIES, *_GRADES, *_LINKS, *_HANGING_ON,
    *_REST, *_DAYS,
)
