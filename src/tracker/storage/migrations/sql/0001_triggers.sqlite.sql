-- Rules that look at other rows, and the figures that spare every screen a count. Each statement ends with a line of two semicolons in a comment.

-- A task cites a key result. The foreign key says so too, but holds only where it is switched on, and tools such as
-- the sqlite3 shell begin with foreign keys off.
CREATE TRIGGER task_cites_a_key_result_insert BEFORE INSERT ON task
WHEN NOT EXISTS (SELECT 1 FROM key_result WHERE id = NEW.key_result) AND NEW.key_result IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: task_cites_a_key_result'); END
--;;
CREATE TRIGGER task_cites_a_key_result_update BEFORE UPDATE OF key_result ON task
WHEN NOT EXISTS (SELECT 1 FROM key_result WHERE id = NEW.key_result) AND NEW.key_result IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: task_cites_a_key_result'); END
--;;
CREATE TRIGGER key_result_with_tasks_stays BEFORE DELETE ON key_result
WHEN EXISTS (SELECT 1 FROM task WHERE key_result = OLD.id)
BEGIN SELECT RAISE(ABORT, 'rule: key_result_has_tasks'); END
--;;
-- A strategy may require that work says how it moves its key result from `assigned` on.
CREATE TRIGGER contribution_is_required_insert BEFORE INSERT ON task
WHEN NEW.status IN ('assigned','doing','review','done') AND length(trim(NEW.contribution)) = 0
 AND EXISTS (SELECT 1 FROM key_result k JOIN objective o ON o.id = k.objective JOIN strategy s ON s.id = o.strategy
             WHERE k.id = NEW.key_result AND s.contribution_required = 1)
BEGIN SELECT RAISE(ABORT, 'rule: contribution_is_required'); END
--;;
CREATE TRIGGER contribution_is_required_update BEFORE UPDATE OF status, contribution, key_result ON task
WHEN NEW.status IN ('assigned','doing','review','done') AND length(trim(NEW.contribution)) = 0
 AND (OLD.status IS NOT NEW.status OR OLD.contribution IS NOT NEW.contribution OR OLD.key_result IS NOT NEW.key_result)
 AND EXISTS (SELECT 1 FROM key_result k JOIN objective o ON o.id = k.objective JOIN strategy s ON s.id = o.strategy
             WHERE k.id = NEW.key_result AND s.contribution_required = 1)
BEGIN SELECT RAISE(ABORT, 'rule: contribution_is_required'); END
--;;
-- Open tasks cite a draft or active key result.
CREATE TRIGGER task_cites_open_key_result_insert BEFORE INSERT ON task
WHEN NEW.status IN ('backlog','assigned','doing','review')
 AND EXISTS (SELECT 1 FROM key_result WHERE id = NEW.key_result AND status NOT IN ('draft','active'))
BEGIN SELECT RAISE(ABORT, 'rule: open_task_cites_open_key_result'); END
--;;
CREATE TRIGGER task_cites_open_key_result_update BEFORE UPDATE OF status, key_result ON task
WHEN NEW.status IN ('backlog','assigned','doing','review')
 AND EXISTS (SELECT 1 FROM key_result WHERE id = NEW.key_result AND status NOT IN ('draft','active'))
BEGIN SELECT RAISE(ABORT, 'rule: open_task_cites_open_key_result'); END
--;;
CREATE TRIGGER key_result_ends_without_open_tasks BEFORE UPDATE OF status ON key_result
WHEN NEW.status IN ('graded','dropped')
 AND EXISTS (SELECT 1 FROM task WHERE key_result = OLD.id AND status IN ('backlog','assigned','doing','review'))
BEGIN SELECT RAISE(ABORT, 'rule: key_result_has_open_tasks'); END
--;;
-- Cycles of a strategy do not overlap.
CREATE TRIGGER cycle_overlap_insert BEFORE INSERT ON cycle
WHEN EXISTS (SELECT 1 FROM cycle WHERE strategy = NEW.strategy AND id <> NEW.id
             AND starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on)
BEGIN SELECT RAISE(ABORT, 'rule: cycles_do_not_overlap'); END
--;;
CREATE TRIGGER cycle_overlap_update BEFORE UPDATE OF strategy, starts_on, ends_on ON cycle
WHEN EXISTS (SELECT 1 FROM cycle WHERE strategy = NEW.strategy AND id <> NEW.id
             AND starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on)
BEGIN SELECT RAISE(ABORT, 'rule: cycles_do_not_overlap'); END
--;;
-- One cycle of a strategy is active or grading, one strategy is active. The unique indexes say so too, but
-- OR REPLACE makes room in them by removing the other row.
CREATE TRIGGER one_running_cycle_insert BEFORE INSERT ON cycle
WHEN NEW.status IN ('active','grading') AND EXISTS (
  SELECT 1 FROM cycle WHERE strategy = NEW.strategy AND id <> NEW.id AND status IN ('active','grading'))
BEGIN SELECT RAISE(ABORT, 'rule: one_running_cycle'); END
--;;
CREATE TRIGGER one_running_cycle_update BEFORE UPDATE OF status, strategy ON cycle
WHEN NEW.status IN ('active','grading') AND EXISTS (
  SELECT 1 FROM cycle WHERE strategy = NEW.strategy AND id <> OLD.id AND status IN ('active','grading'))
BEGIN SELECT RAISE(ABORT, 'rule: one_running_cycle'); END
--;;
CREATE TRIGGER one_active_strategy BEFORE UPDATE OF status ON strategy
WHEN NEW.status = 'active' AND EXISTS (SELECT 1 FROM strategy WHERE status = 'active' AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'rule: one_active_strategy'); END
--;;
-- An active strategy uses one channel or more; it is inserted as a draft.
CREATE TRIGGER strategy_starts_as_draft BEFORE INSERT ON strategy
WHEN NEW.status = 'active'
BEGIN SELECT RAISE(ABORT, 'rule: strategy_starts_as_draft'); END
--;;
CREATE TRIGGER active_strategy_has_a_channel BEFORE UPDATE OF status ON strategy
WHEN NEW.status = 'active' AND NOT EXISTS (SELECT 1 FROM strategy_channel WHERE strategy = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule: active_strategy_has_a_channel'); END
--;;
CREATE TRIGGER active_strategy_keeps_a_channel BEFORE DELETE ON strategy_channel
WHEN EXISTS (SELECT 1 FROM strategy WHERE id = OLD.strategy AND status = 'active')
 AND NOT EXISTS (SELECT 1 FROM strategy_channel WHERE strategy = OLD.strategy AND channel <> OLD.channel)
BEGIN SELECT RAISE(ABORT, 'rule: active_strategy_has_a_channel'); END
--;;
CREATE TRIGGER active_strategy_channel_stays BEFORE UPDATE OF strategy ON strategy_channel
WHEN OLD.strategy <> NEW.strategy
 AND EXISTS (SELECT 1 FROM strategy WHERE id = OLD.strategy AND status = 'active')
 AND NOT EXISTS (SELECT 1 FROM strategy_channel WHERE strategy = OLD.strategy AND channel <> OLD.channel)
BEGIN SELECT RAISE(ABORT, 'rule: active_strategy_has_a_channel'); END
--;;
-- Only tasks beyond backlog get an external link.
CREATE TRIGGER link_beyond_backlog_insert BEFORE INSERT ON external_link
WHEN EXISTS (SELECT 1 FROM task WHERE id = NEW.task AND status = 'backlog')
BEGIN SELECT RAISE(ABORT, 'rule: link_beyond_backlog'); END
--;;
CREATE TRIGGER link_beyond_backlog_update BEFORE UPDATE OF task ON external_link
WHEN EXISTS (SELECT 1 FROM task WHERE id = NEW.task AND status = 'backlog')
BEGIN SELECT RAISE(ABORT, 'rule: link_beyond_backlog'); END
--;;
-- History is append only; events go only with their task.
CREATE TRIGGER task_event_is_kept BEFORE UPDATE ON task_event
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER task_event_stays BEFORE DELETE ON task_event
WHEN EXISTS (SELECT 1 FROM task WHERE id = OLD.task)
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_is_kept BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_stays BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_batch_is_kept BEFORE UPDATE ON change_batch
WHEN OLD.number IS NOT NEW.number OR OLD.at IS NOT NEW.at OR OLD."by" IS NOT NEW."by" OR OLD.label IS NOT NEW.label
  OR OLD.kind IS NOT NEW.kind OR OLD.reverts IS NOT NEW.reverts
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_batch_stays BEFORE DELETE ON change_batch
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
-- Ids are kept: the history and the search know a row by them.
CREATE TRIGGER strategy_id_is_kept BEFORE UPDATE OF id ON strategy WHEN OLD.id IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
CREATE TRIGGER cycle_id_is_kept BEFORE UPDATE OF id ON cycle WHEN OLD.id IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
CREATE TRIGGER objective_id_is_kept BEFORE UPDATE OF id ON objective WHEN OLD.id IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
CREATE TRIGGER key_result_id_is_kept BEFORE UPDATE OF id ON key_result WHEN OLD.id IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
CREATE TRIGGER task_id_is_kept BEFORE UPDATE OF id, number ON task
WHEN OLD.id IS NOT NEW.id OR OLD.number IS NOT NEW.number
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
CREATE TRIGGER comment_number_is_kept BEFORE UPDATE OF number ON comment WHEN OLD.number IS NOT NEW.number
BEGIN SELECT RAISE(ABORT, 'rule: ids_are_kept'); END
--;;
-- Rows are not replaced: OR REPLACE removes the row in its way without the delete triggers, and with it rules, counts
-- and what hangs on it. (A number that is not given is -1 here, which no row has.)
CREATE TRIGGER strategy_is_not_replaced BEFORE INSERT ON strategy
WHEN EXISTS (SELECT 1 FROM strategy WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER cycle_is_not_replaced BEFORE INSERT ON cycle WHEN EXISTS (SELECT 1 FROM cycle WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER objective_is_not_replaced BEFORE INSERT ON objective
WHEN EXISTS (SELECT 1 FROM objective WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER key_result_is_not_replaced BEFORE INSERT ON key_result
WHEN EXISTS (SELECT 1 FROM key_result WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER check_in_is_not_replaced BEFORE INSERT ON check_in
WHEN EXISTS (SELECT 1 FROM check_in WHERE key_result = NEW.key_result AND on_date = NEW.on_date)
BEGIN SELECT RAISE(ABORT, 'rule: one_check_in_a_day'); END
--;;
CREATE TRIGGER check_in_is_not_moved_onto_another BEFORE UPDATE OF key_result, on_date ON check_in
WHEN (OLD.key_result IS NOT NEW.key_result OR OLD.on_date IS NOT NEW.on_date)
 AND EXISTS (SELECT 1 FROM check_in WHERE key_result = NEW.key_result AND on_date = NEW.on_date)
BEGIN SELECT RAISE(ABORT, 'rule: one_check_in_a_day'); END
--;;
CREATE TRIGGER grade_is_not_replaced BEFORE INSERT ON grade
WHEN EXISTS (SELECT 1 FROM grade WHERE key_result = NEW.key_result)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER grade_is_not_moved_onto_another BEFORE UPDATE OF key_result ON grade
WHEN OLD.key_result IS NOT NEW.key_result AND EXISTS (SELECT 1 FROM grade WHERE key_result = NEW.key_result)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER task_is_not_replaced BEFORE INSERT ON task
WHEN EXISTS (SELECT 1 FROM task WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER comment_is_not_replaced BEFORE INSERT ON comment
WHEN EXISTS (SELECT 1 FROM comment WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER dependency_is_not_replaced BEFORE INSERT ON task_dependency
WHEN EXISTS (SELECT 1 FROM task_dependency WHERE task = NEW.task AND waits_for = NEW.waits_for)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER link_is_not_replaced BEFORE INSERT ON external_link
WHEN EXISTS (SELECT 1 FROM external_link WHERE task = NEW.task AND connector = NEW.connector)
  OR EXISTS (SELECT 1 FROM external_link WHERE connector = NEW.connector AND external_id = NEW.external_id)
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER link_is_not_moved_onto_another BEFORE UPDATE OF task, connector, external_id ON external_link
WHEN EXISTS (SELECT 1 FROM external_link WHERE rowid <> OLD.rowid AND (
  (task = NEW.task AND connector = NEW.connector) OR (connector = NEW.connector AND external_id = NEW.external_id)))
BEGIN SELECT RAISE(ABORT, 'rule: rows_are_not_replaced'); END
--;;
CREATE TRIGGER task_event_is_not_replaced BEFORE INSERT ON task_event
WHEN EXISTS (SELECT 1 FROM task_event WHERE task = NEW.task AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_is_not_replaced BEFORE INSERT ON change
WHEN EXISTS (SELECT 1 FROM change WHERE batch = NEW.batch AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
CREATE TRIGGER change_batch_is_not_replaced BEFORE INSERT ON change_batch
WHEN EXISTS (SELECT 1 FROM change_batch WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'rule: history_is_append_only'); END
--;;
-- task.waits: how many open tasks a task waits for.
CREATE TRIGGER dependency_counts AFTER INSERT ON task_dependency
WHEN EXISTS (SELECT 1 FROM task WHERE id = NEW.waits_for AND status IN ('backlog','assigned','doing','review'))
BEGIN UPDATE task SET waits = waits + 1 WHERE id = NEW.task; END
--;;
CREATE TRIGGER dependency_no_longer_counts AFTER DELETE ON task_dependency
WHEN EXISTS (SELECT 1 FROM task WHERE id = OLD.waits_for AND status IN ('backlog','assigned','doing','review'))
BEGIN UPDATE task SET waits = waits - 1 WHERE id = OLD.task; END
--;;
CREATE TRIGGER dependency_is_not_changed BEFORE UPDATE ON task_dependency
WHEN OLD.task <> NEW.task OR OLD.waits_for <> NEW.waits_for
BEGIN SELECT RAISE(ABORT, 'rule: dependency_is_removed_and_added'); END
--;;
CREATE TRIGGER task_closes AFTER UPDATE OF status ON task
WHEN OLD.status IN ('backlog','assigned','doing','review') AND NEW.status IN ('done','cancelled')
BEGIN UPDATE task SET waits = waits - 1 WHERE id IN (SELECT task FROM task_dependency WHERE waits_for = NEW.id); END
--;;
CREATE TRIGGER task_opens AFTER UPDATE OF status ON task
WHEN NEW.status IN ('backlog','assigned','doing','review') AND OLD.status IN ('done','cancelled')
BEGIN UPDATE task SET waits = waits + 1 WHERE id IN (SELECT task FROM task_dependency WHERE waits_for = NEW.id); END
--;;
CREATE TRIGGER open_task_goes BEFORE DELETE ON task
WHEN OLD.status IN ('backlog','assigned','doing','review')
BEGIN UPDATE task SET waits = waits - 1 WHERE id IN (SELECT task FROM task_dependency WHERE waits_for = OLD.id); END
--;;
-- task.messages: how many comments a task has.
CREATE TRIGGER comment_counts AFTER INSERT ON comment
BEGIN UPDATE task SET messages = messages + 1 WHERE id = NEW.task; END
--;;
CREATE TRIGGER comment_no_longer_counts AFTER DELETE ON comment
BEGIN UPDATE task SET messages = messages - 1 WHERE id = OLD.task; END
--;;
CREATE TRIGGER comment_moves AFTER UPDATE OF task ON comment WHEN OLD.task IS NOT NEW.task
BEGIN
  UPDATE task SET messages = messages - 1 WHERE id = OLD.task;
  UPDATE task SET messages = messages + 1 WHERE id = NEW.task;
END
--;;
-- task_tally: counts by key result, status, owner and stage; status_tally: by status and one of these, and of all.
CREATE TRIGGER tally_insert AFTER INSERT ON task
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (NEW.key_result, NEW.status, coalesce(NEW.owner,''), NEW.stage, 1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES ('all', '', NEW.status, 1), ('key_result', NEW.key_result, NEW.status, 1),
    ('owner', coalesce(NEW.owner,''), NEW.status, 1), ('stage', NEW.stage, NEW.status, 1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER tally_delete AFTER DELETE ON task
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (OLD.key_result, OLD.status, coalesce(OLD.owner,''), OLD.stage, -1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES ('all', '', OLD.status, -1), ('key_result', OLD.key_result, OLD.status, -1),
    ('owner', coalesce(OLD.owner,''), OLD.status, -1), ('stage', OLD.stage, OLD.status, -1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER tally_update AFTER UPDATE OF key_result, status, owner, stage ON task
WHEN OLD.key_result IS NOT NEW.key_result OR OLD.status IS NOT NEW.status OR OLD.owner IS NOT NEW.owner
  OR OLD.stage IS NOT NEW.stage
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (OLD.key_result, OLD.status, coalesce(OLD.owner,''), OLD.stage, -1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES ('all', '', OLD.status, -1), ('key_result', OLD.key_result, OLD.status, -1),
    ('owner', coalesce(OLD.owner,''), OLD.status, -1), ('stage', OLD.stage, OLD.status, -1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (NEW.key_result, NEW.status, coalesce(NEW.owner,''), NEW.stage, 1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES ('all', '', NEW.status, 1), ('key_result', NEW.key_result, NEW.status, 1),
    ('owner', coalesce(NEW.owner,''), NEW.status, 1), ('stage', NEW.stage, NEW.status, 1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
-- done_tally: finished tasks by day and cycle time (done - started + 1 days).
CREATE TRIGGER done_tally_insert AFTER INSERT ON task WHEN NEW.done_on IS NOT NULL
BEGIN
  INSERT INTO done_tally (done_on, cycle_days, tasks)
  VALUES (NEW.done_on, CAST(julianday(NEW.done_on) - julianday(NEW.started_on) AS INTEGER) + 1, 1)
  ON CONFLICT (done_on, cycle_days) DO UPDATE SET tasks = tasks + 1;
END
--;;
CREATE TRIGGER done_tally_delete AFTER DELETE ON task WHEN OLD.done_on IS NOT NULL
BEGIN
  UPDATE done_tally SET tasks = tasks - 1 WHERE done_on = OLD.done_on
    AND cycle_days = CAST(julianday(OLD.done_on) - julianday(OLD.started_on) AS INTEGER) + 1;
END
--;;
CREATE TRIGGER done_tally_leave AFTER UPDATE OF done_on, started_on ON task
WHEN OLD.done_on IS NOT NULL AND (NEW.done_on IS NOT OLD.done_on OR NEW.started_on IS NOT OLD.started_on)
BEGIN
  UPDATE done_tally SET tasks = tasks - 1 WHERE done_on = OLD.done_on
    AND cycle_days = CAST(julianday(OLD.done_on) - julianday(OLD.started_on) AS INTEGER) + 1;
END
--;;
CREATE TRIGGER done_tally_enter AFTER UPDATE OF done_on, started_on ON task
WHEN NEW.done_on IS NOT NULL AND (NEW.done_on IS NOT OLD.done_on OR NEW.started_on IS NOT OLD.started_on)
BEGIN
  INSERT INTO done_tally (done_on, cycle_days, tasks)
  VALUES (NEW.done_on, CAST(julianday(NEW.done_on) - julianday(NEW.started_on) AS INTEGER) + 1, 1)
  ON CONFLICT (done_on, cycle_days) DO UPDATE SET tasks = tasks + 1;
END
--;;
-- Full-text search: external content, so that no text is kept twice; prefixes of 1 to 3 letters have lists of their own.
-- is_open is searched like a word, so that the open ones among many finished are found without reading those.
CREATE VIRTUAL TABLE task_search USING fts5(
  title, contribution, notes, is_open, content='task', content_rowid='number',
  tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')
--;;
CREATE TRIGGER task_search_insert AFTER INSERT ON task
BEGIN
  INSERT INTO task_search (rowid, title, contribution, notes, is_open)
  VALUES (NEW.number, NEW.title, NEW.contribution, NEW.notes, NEW.is_open);
END
--;;
CREATE TRIGGER task_search_delete AFTER DELETE ON task
BEGIN
  INSERT INTO task_search (task_search, rowid, title, contribution, notes, is_open)
  VALUES ('delete', OLD.number, OLD.title, OLD.contribution, OLD.notes, OLD.is_open);
END
--;;
CREATE TRIGGER task_search_update AFTER UPDATE OF title, contribution, notes, status ON task
WHEN OLD.title IS NOT NEW.title OR OLD.contribution IS NOT NEW.contribution OR OLD.notes IS NOT NEW.notes
  OR OLD.is_open IS NOT NEW.is_open
BEGIN
  INSERT INTO task_search (task_search, rowid, title, contribution, notes, is_open)
  VALUES ('delete', OLD.number, OLD.title, OLD.contribution, OLD.notes, OLD.is_open);
  INSERT INTO task_search (rowid, title, contribution, notes, is_open)
  VALUES (NEW.number, NEW.title, NEW.contribution, NEW.notes, NEW.is_open);
END
--;;
CREATE VIRTUAL TABLE comment_search USING fts5(
  body, content='comment', content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')
--;;
CREATE TRIGGER comment_search_insert AFTER INSERT ON comment
BEGIN INSERT INTO comment_search (rowid, body) VALUES (NEW.number, NEW.body); END
--;;
CREATE TRIGGER comment_search_delete AFTER DELETE ON comment
BEGIN INSERT INTO comment_search (comment_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END
--;;
CREATE TRIGGER comment_search_update AFTER UPDATE OF body ON comment
BEGIN
  INSERT INTO comment_search (comment_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
  INSERT INTO comment_search (rowid, body) VALUES (NEW.number, NEW.body);
END
--;;
-- No task waits for itself in a circle.
CREATE TRIGGER no_circle_of_waiting BEFORE INSERT ON task_dependency
WHEN NEW.task <> NEW.waits_for AND EXISTS (
  WITH RECURSIVE ahead (id) AS (
    SELECT NEW.waits_for UNION SELECT d.waits_for FROM task_dependency d JOIN ahead ON d.task = ahead.id)
  SELECT 1 FROM ahead WHERE id = NEW.task)
BEGIN SELECT RAISE(ABORT, 'rule: no_circle_of_waiting'); END
--;;
