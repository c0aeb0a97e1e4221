"""A small world in plain SQL that both databases read: one row or more in every table, tasks in every status."""

from __future__ import annotations

_FULL = "'who', 'why', 'approach', 'desired action'"

WORLD = (
    "INSERT INTO person (id, name, capacity_h_week, rate_minor_per_day) VALUES "
    "('mara', 'Mara', 40, 30000), ('tomas', 'Tomas', NULL, NULL), ('idle', 'Idle', NULL, NULL)",
    "INSERT INTO channel (id, name) VALUES ('website', 'Website'), ('email', 'Email'), ('press', 'Press')",
    "INSERT INTO strategy (id, title, owner, who, why, approach, desired_action, horizon_start, horizon_end, stages) "
    f"VALUES ('S-01', 'Active', 'mara', {_FULL}, '2026-07-01', '2026-12-31', '[\"one\"]'), "
    f"('S-02', 'Ready draft', 'mara', {_FULL}, '2026-07-01', '2026-12-31', NULL), "
    f"('S-03', 'Draft without channel', 'mara', {_FULL}, '2026-07-01', '2026-12-31', NULL), "
    f"('S-04', 'Strict about contributions', 'mara', {_FULL}, '2026-07-01', '2026-12-31', NULL)",
    "UPDATE strategy SET contribution_required = 1 WHERE id = 'S-04'",
    "INSERT INTO strategy_channel (strategy, channel) VALUES ('S-01', 'website'), ('S-01', 'email'), ('S-02', 'email')",
    "UPDATE strategy SET status = 'active' WHERE id = 'S-01'",
    "INSERT INTO micro_question (id, strategy, question) VALUES ('Q-01', 'S-01', 'Which clinics?')",
    "INSERT INTO cycle (id, strategy, name, starts_on, ends_on, status) VALUES "
    "('C-01', 'S-01', 'October', '2026-10-01', '2026-10-31', 'active'), "
    "('C-02', 'S-01', 'November', '2026-11-01', '2026-11-30', 'planned'), "
    "('C-03', 'S-02', 'Autumn', '2026-10-01', '2026-11-30', 'active'), "
    "('C-04', 'S-04', 'Autumn', '2026-10-01', '2026-11-30', 'planned')",
    "INSERT INTO objective (id, strategy, cycle, title, owner, micro_question) VALUES "
    "('O-01', 'S-01', 'C-01', 'Acquire', 'mara', 'Q-01'), ('O-02', 'S-02', 'C-03', 'Other', 'mara', NULL), "
    "('O-04', 'S-04', 'C-04', 'Strict', 'mara', NULL)",
    "INSERT INTO key_result (id, objective, title, unit, direction, metric_kind, currency, baseline, target, "
    "target_max, owner, starts_on, due_on, status, drop_reason) VALUES "
    "('KR-01', 'O-01', 'Open work', 'clients', 'increase', 'number', NULL, 0, 10, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL), "
    "('KR-02', 'O-01', 'No work yet', 'clients', 'increase', 'number', NULL, 0, 10, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'draft', NULL), "
    "('KR-03', 'O-01', 'Graded', 'clients', 'increase', 'number', NULL, 0, 10, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'graded', NULL), "
    "('KR-04', 'O-01', 'Dropped', 'clients', 'increase', 'number', NULL, 0, 10, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'dropped', 'cannot be measured'), "
    "('KR-05', 'O-01', 'Guardrail', 'share', 'maintain_below', 'number', NULL, NULL, 0.5, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL), "
    "('KR-06', 'O-01', 'Milestones', 'stories', 'increase', 'milestone', NULL, 0, 4, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL), "
    "('KR-07', 'O-01', 'Cost', 'EUR', 'decrease', 'currency', 'EUR', 95, 60, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL), "
    "('KR-08', 'O-01', 'Between', 'share', 'maintain_between', 'percent', NULL, NULL, 10, 20, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL), "
    "('KR-09', 'O-04', 'Strict', 'clients', 'increase', 'number', NULL, 0, 10, NULL, 'mara', "
    "'2026-10-01', '2026-10-31', 'active', NULL)",
    "INSERT INTO milestone (key_result, position, title, done_on) VALUES ('KR-06', 1, 'Bridge Street', '2026-10-05')",
    "INSERT INTO planned_point (key_result, on_date, expected) VALUES ('KR-01', '2026-10-15', 0.4)",
    "INSERT INTO superseded_check_in (key_result, on_date, seq, value, confidence, author, note, replaced_on, "
    "replaced_by) VALUES ('KR-01', '2026-10-05', 1, '1', 6, 'mara', 'Miscounted', '2026-10-06', 'mara')",
    "INSERT INTO check_in (key_result, on_date, value, confidence, author, note) VALUES "
    "('KR-01', '2026-10-12', 3, 6, 'mara', 'slow start'), ('KR-01', '2026-10-19', 4, 6, 'mara', 'one more')",
    "INSERT INTO journey_step (key_result, position, title, stage, rate, actual_rate, linked_key_result) VALUES "
    "('KR-01', 0, 'Signs', 'conversion', NULL, NULL, NULL), ('KR-01', 1, 'Calls', 'decision', 0.25, 0.3, 'KR-02')",
    "INSERT INTO grade (key_result, raw_score, final_score, graded_by, graded_on) VALUES "
    "('KR-03', 0.7, 0.7, 'mara', '2026-10-31')",
    "INSERT INTO retrospective (cycle, held_on, worked) VALUES ('C-03', '2026-11-30', '[\"mails\"]')",
    "INSERT INTO budget_line (id, label, strategy, planned_minor) VALUES ('B-01', 'Ads', 'S-01', 100000)",
    "INSERT INTO task (id, title, key_result, stage, owner, status, created_on, assigned_on, started_on, review_on, "
    "done_on, due_on, publish_on, estimate_low_h, estimate_high_h, blocked_reason, blocked_on, cancel_reason, "
    "cancelled_on) VALUES "
    "('T-001', 'In the backlog', 'KR-01', 'decision', NULL, 'backlog', '2026-10-01', NULL, NULL, NULL, NULL, NULL, "
    "'2026-10-30', 1, 2.5, NULL, NULL, NULL, NULL), "
    "('T-002', 'Assigned', 'KR-01', 'enabling', 'mara', 'assigned', '2026-10-01', '2026-10-02', NULL, NULL, NULL, "
    "'2026-10-20', NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
    "('T-003', 'Doing', 'KR-01', 'enabling', 'tomas', 'doing', '2026-10-01', '2026-10-02', '2026-10-05', NULL, NULL, "
    "'2026-10-20', NULL, NULL, NULL, 'ad account', '2026-10-06', NULL, NULL), "
    "('T-004', 'In review', 'KR-01', 'enabling', 'mara', 'review', '2026-10-01', '2026-10-02', '2026-10-05', "
    "'2026-10-07', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
    "('T-005', 'Done', 'KR-03', 'enabling', 'mara', 'done', '2026-10-01', '2026-10-02', '2026-10-05', NULL, "
    "'2026-10-09', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
    "('T-006', 'Cancelled', 'KR-01', 'enabling', NULL, 'cancelled', '2026-10-01', NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, 'no longer needed', '2026-10-08'), "
    "('T-007', 'Another in the backlog', 'KR-06', 'enabling', NULL, 'backlog', '2026-10-01', NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), "
    "('T-008', 'Under a strict strategy', 'KR-09', 'enabling', NULL, 'backlog', '2026-10-01', NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "UPDATE task SET contribution = 'Says the same' WHERE id = 'T-001'",
    "INSERT INTO evidence (id, strategy, field, text, on_date, task) VALUES "
    "('E-01', 'S-01', 'why', 'Five calls', '2026-09-01', 'T-005')",
    "INSERT INTO task_also_serves (task, key_result) VALUES ('T-001', 'KR-06')",
    "INSERT INTO task_dependency (task, waits_for) VALUES ('T-001', 'T-002'), ('T-002', 'T-003'), ('T-003', 'T-004')",
    "INSERT INTO task_event (task, seq, on_date, to_status) VALUES ('T-001', 0, '2026-10-01', 'backlog')",
    "INSERT INTO comment (task, \"on\", \"by\", body) VALUES "
    "('T-001', '2026-10-02T09:00', 'mara', 'first'), ('T-001', '2026-10-02T09:05', 'tomas', 'second')",
    "INSERT INTO idea (id, title, \"on\") VALUES ('I-01', 'Reminder message', '2026-10-02')",
    "INSERT INTO import_item (id, connector, external_id, title, raw, \"on\") VALUES "
    "('A-01', 'csv:tasks.csv', '7', 'From a file', '{}', '2026-10-02')",
    "INSERT INTO inbox_item (person, what, \"on\", read_on) VALUES ('mara', 'mentioned', '2026-10-02', '2026-10-03')",
    "INSERT INTO wip_limit (scope, subject, max) VALUES ('status', 'doing', 6)",
    "INSERT INTO decision (rule, subject, choice, reason, \"by\", \"on\", figures) VALUES "
    "('overdue', 'T-003', 'keep', 'known', 'mara', '2026-10-12', '{\"days\": 7}')",
    "INSERT INTO audit_snapshot (\"on\", rule, count) VALUES ('2026-10-12', 'overdue', 3)",
    "INSERT INTO connector (id, kind, maps) VALUES ('asana', 'asana', '{}'), ('wrike', 'wrike', '{}')",
    "INSERT INTO external_link (task, connector, external_id, synced_on) VALUES "
    "('T-002', 'asana', '1200', '2026-10-03'), ('T-003', 'asana', '1201', NULL)",
    "INSERT INTO outbox (connector, operation, idempotency_key) VALUES ('asana', 'create', 'k-1')",
    "INSERT INTO comment_link (comment, connector, external_id) VALUES (1, 'asana', '1300')",
    "INSERT INTO goal_link (key_result, connector, external_id, sent) VALUES ('KR-01', 'asana', '1400', '{}')",
    "INSERT INTO sync_state (connector, cursor, seen_batch) VALUES ('asana', 'tok', 0)",
    "INSERT INTO sync_run (connector, began_at) VALUES ('asana', '2026-10-03T07:00:00+00:00')",
    "INSERT INTO sync_note (run, seq, task, action, words) SELECT number, 0, 'T-002', 'push', 'made' FROM sync_run",
    "INSERT INTO change_batch (at, \"by\", label) VALUES ('2026-10-02T07:00:00+00:00', 'mara', 'add T-001')",
    "INSERT INTO change (batch, seq, entity, id, field) SELECT number, 0, 'task', 'T-001', '*' FROM change_batch",
)
