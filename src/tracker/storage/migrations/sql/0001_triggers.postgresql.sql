-- The promises of the SQLite triggers, for PostgreSQL: rules that look at other rows, and the figures that spare every screen a count. Each statement ends with a line of two semicolons in a comment.
-- A rule that looks at a row locks it first and looks then, so that it holds between transactions as well.
-- There is no full-text search here yet: SQLite's is an index of its own kind (FTS5), read by SQLite's queries only.

-- Refuses what the trigger's condition found, by the name of the rule.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'rule: ' || TG_ARGV[0], ERRCODE = 'check_violation';
END $$
--;;
CREATE FUNCTION refuse_by(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'rule: ' || rule, ERRCODE = 'check_violation';
END $$
--;;
CREATE FUNCTION is_open(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT status IN ('backlog','assigned','doing','review')
$$
--;;
-- A strategy may require that work says how it moves its key result from `assigned` on.
CREATE FUNCTION contribution_is_required() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.status, OLD.contribution, OLD.key_result) IS NOT DISTINCT FROM (NEW.status, NEW.contribution, NEW.key_result)
    THEN RETURN NEW; END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM key_result k JOIN objective o ON o.id = k.objective JOIN strategy s ON s.id = o.strategy
             WHERE k.id = NEW.key_result AND s.contribution_required = 1) THEN
    PERFORM refuse_by('contribution_is_required');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER contribution_is_required BEFORE INSERT OR UPDATE OF status, contribution, key_result ON task
FOR EACH ROW WHEN (NEW.status IN ('assigned','doing','review','done') AND length(trim(NEW.contribution)) = 0)
EXECUTE FUNCTION contribution_is_required()
--;;
-- Open tasks cite a draft or active key result.
CREATE FUNCTION task_cites_open_key_result() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text;
BEGIN
  SELECT status INTO standing FROM key_result WHERE id = NEW.key_result FOR SHARE;
  IF standing NOT IN ('draft','active') THEN
    PERFORM refuse_by('open_task_cites_open_key_result');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER task_cites_open_key_result BEFORE INSERT OR UPDATE OF status, key_result ON task
FOR EACH ROW WHEN (is_open(NEW.status)) EXECUTE FUNCTION task_cites_open_key_result()
--;;
CREATE FUNCTION key_result_ends_without_open_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM task WHERE key_result = OLD.id AND is_open(status)) THEN
    PERFORM refuse_by('key_result_has_open_tasks');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER key_result_ends_without_open_tasks BEFORE UPDATE OF status ON key_result
FOR EACH ROW WHEN (NEW.status IN ('graded','dropped')) EXECUTE FUNCTION key_result_ends_without_open_tasks()
--;;
-- Cycles of a strategy do not overlap.
CREATE FUNCTION cycles_do_not_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM strategy WHERE id = NEW.strategy FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM cycle WHERE strategy = NEW.strategy AND id <> NEW.id
             AND starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on) THEN
    PERFORM refuse_by('cycles_do_not_overlap');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER cycles_do_not_overlap BEFORE INSERT OR UPDATE OF strategy, starts_on, ends_on ON cycle
FOR EACH ROW EXECUTE FUNCTION cycles_do_not_overlap()
--;;
-- An active strategy uses one channel or more; it is inserted as a draft.
CREATE TRIGGER strategy_starts_as_draft BEFORE INSERT ON strategy
FOR EACH ROW WHEN (NEW.status = 'active') EXECUTE FUNCTION refuse('strategy_starts_as_draft')
--;;
CREATE FUNCTION active_strategy_has_a_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM strategy_channel WHERE strategy = NEW.id) THEN
    PERFORM refuse_by('active_strategy_has_a_channel');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER active_strategy_has_a_channel BEFORE UPDATE OF status ON strategy
FOR EACH ROW WHEN (NEW.status = 'active') EXECUTE FUNCTION active_strategy_has_a_channel()
--;;
CREATE FUNCTION active_strategy_keeps_a_channel() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.strategy = NEW.strategy THEN RETURN NEW; END IF;
  END IF;
  SELECT status INTO standing FROM strategy WHERE id = OLD.strategy FOR NO KEY UPDATE;
  IF standing = 'active' AND NOT EXISTS (
    SELECT 1 FROM strategy_channel WHERE strategy = OLD.strategy AND channel <> OLD.channel) THEN
    PERFORM refuse_by('active_strategy_has_a_channel');
  END IF;
  RETURN coalesce(NEW, OLD);
END $$
--;;
CREATE TRIGGER active_strategy_keeps_a_channel BEFORE DELETE OR UPDATE OF strategy ON strategy_channel
FOR EACH ROW EXECUTE FUNCTION active_strategy_keeps_a_channel()
--;;
-- Only tasks beyond backlog get an external link.
CREATE FUNCTION link_beyond_backlog() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text;
BEGIN
  SELECT status INTO standing FROM task WHERE id = NEW.task FOR SHARE;
  IF standing = 'backlog' THEN
    PERFORM refuse_by('link_beyond_backlog');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER link_beyond_backlog BEFORE INSERT OR UPDATE OF task ON external_link
FOR EACH ROW EXECUTE FUNCTION link_beyond_backlog()
--;;
-- History is append only; events go only with their task.
CREATE TRIGGER task_event_is_kept BEFORE UPDATE ON task_event
FOR EACH ROW EXECUTE FUNCTION refuse('history_is_append_only')
--;;
CREATE FUNCTION task_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM task WHERE id = OLD.task) THEN
    PERFORM refuse_by('history_is_append_only');
  END IF;
  RETURN OLD;
END $$
--;;
CREATE TRIGGER task_event_stays BEFORE DELETE ON task_event
FOR EACH ROW EXECUTE FUNCTION task_event_stays()
--;;
CREATE TRIGGER change_is_kept BEFORE UPDATE OR DELETE ON change
FOR EACH ROW EXECUTE FUNCTION refuse('history_is_append_only')
--;;
CREATE TRIGGER change_batch_is_kept BEFORE UPDATE ON change_batch
FOR EACH ROW WHEN ((OLD.number, OLD.at, OLD."by", OLD.label, OLD.kind, OLD.reverts)
  IS DISTINCT FROM (NEW.number, NEW.at, NEW."by", NEW.label, NEW.kind, NEW.reverts))
EXECUTE FUNCTION refuse('history_is_append_only')
--;;
CREATE TRIGGER change_batch_stays BEFORE DELETE ON change_batch
FOR EACH ROW EXECUTE FUNCTION refuse('history_is_append_only')
--;;
-- Ids are kept: the history knows a row by them.
CREATE TRIGGER strategy_id_is_kept BEFORE UPDATE OF id ON strategy
FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
CREATE TRIGGER cycle_id_is_kept BEFORE UPDATE OF id ON cycle
FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
CREATE TRIGGER objective_id_is_kept BEFORE UPDATE OF id ON objective
FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
CREATE TRIGGER key_result_id_is_kept BEFORE UPDATE OF id ON key_result
FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
CREATE TRIGGER task_id_is_kept BEFORE UPDATE OF id, number ON task
FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.number <> NEW.number) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
CREATE TRIGGER comment_number_is_kept BEFORE UPDATE OF number ON comment
FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION refuse('ids_are_kept')
--;;
-- TRUNCATE removes rows without their delete triggers, so it is refused where rules or counts rest on them. (It takes
-- along what refers to the table, so tasks and batches are held by their events and changes.)
CREATE TRIGGER strategy_channels_stay BEFORE TRUNCATE ON strategy_channel EXECUTE FUNCTION refuse('rows_are_not_truncated')
--;;
CREATE TRIGGER dependencies_stay BEFORE TRUNCATE ON task_dependency EXECUTE FUNCTION refuse('rows_are_not_truncated')
--;;
CREATE TRIGGER comments_stay BEFORE TRUNCATE ON comment EXECUTE FUNCTION refuse('rows_are_not_truncated')
--;;
CREATE TRIGGER task_events_stay BEFORE TRUNCATE ON task_event EXECUTE FUNCTION refuse('history_is_append_only')
--;;
CREATE TRIGGER changes_stay BEFORE TRUNCATE ON change EXECUTE FUNCTION refuse('history_is_append_only')
--;;
-- task.waits: how many open tasks a task waits for. What it waits for is locked, so that it neither closes nor opens
-- unseen; the task itself is locked before it is counted, so that the count is of the latest state.
CREATE FUNCTION count_waits(waiting text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM task WHERE id = waiting FOR NO KEY UPDATE;
  UPDATE task SET waits = (
    SELECT count(*) FROM task_dependency d JOIN task ahead ON ahead.id = d.waits_for
    WHERE d.task = waiting AND is_open(ahead.status)) WHERE id = waiting;
END $$
--;;
CREATE FUNCTION dependency_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM task WHERE id = coalesce(NEW.waits_for, OLD.waits_for) FOR SHARE;
  RETURN coalesce(NEW, OLD);
END $$
--;;
CREATE TRIGGER dependency_is_locked BEFORE INSERT OR DELETE ON task_dependency
FOR EACH ROW EXECUTE FUNCTION dependency_is_locked()
--;;
CREATE FUNCTION dependency_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_waits(coalesce(NEW.task, OLD.task));
  RETURN NULL;
END $$
--;;
CREATE TRIGGER dependency_counts AFTER INSERT OR DELETE ON task_dependency
FOR EACH ROW EXECUTE FUNCTION dependency_counts()
--;;
CREATE TRIGGER dependency_is_not_changed BEFORE UPDATE ON task_dependency
FOR EACH ROW WHEN (OLD.task <> NEW.task OR OLD.waits_for <> NEW.waits_for)
EXECUTE FUNCTION refuse('dependency_is_removed_and_added')
--;;
CREATE FUNCTION task_opens_or_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_waits(task) FROM task_dependency WHERE waits_for = NEW.id;
  RETURN NULL;
END $$
--;;
CREATE TRIGGER task_opens_or_closes AFTER UPDATE OF status ON task
FOR EACH ROW WHEN (is_open(OLD.status) <> is_open(NEW.status)) EXECUTE FUNCTION task_opens_or_closes()
--;;
-- No task waits for itself in a circle. One transaction at a time adds a dependency: two that do not see each other
-- could close a circle together.
CREATE FUNCTION no_circle_of_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('no_circle_of_waiting'));
  IF EXISTS (
    WITH RECURSIVE ahead (id) AS (
      SELECT NEW.waits_for UNION SELECT d.waits_for FROM task_dependency d JOIN ahead ON d.task = ahead.id)
    SELECT 1 FROM ahead WHERE id = NEW.task) THEN
    PERFORM refuse_by('no_circle_of_waiting');
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER no_circle_of_waiting BEFORE INSERT ON task_dependency
FOR EACH ROW WHEN (NEW.task <> NEW.waits_for) EXECUTE FUNCTION no_circle_of_waiting()
--;;
-- task.messages: how many comments a task has.
CREATE FUNCTION comment_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN UPDATE task SET messages = messages - 1 WHERE id = OLD.task; END IF;
  IF TG_OP <> 'DELETE' THEN UPDATE task SET messages = messages + 1 WHERE id = NEW.task; END IF;
  RETURN NULL;
END $$
--;;
CREATE TRIGGER comment_counts AFTER INSERT OR DELETE OR UPDATE OF task ON comment
FOR EACH ROW EXECUTE FUNCTION comment_counts()
--;;
-- task_tally: counts by key result, status, owner and stage; status_tally: by status and one of these, and of all;
-- done_tally: finished tasks by day and cycle time (done - started + 1 days).
CREATE FUNCTION tally(one task, change integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO task_tally AS t (key_result, status, owner, stage, tasks)
  VALUES (one.key_result, one.status, coalesce(one.owner,''), one.stage, change)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = t.tasks + change;
  INSERT INTO status_tally AS t (scope, subject, status, tasks)
  VALUES ('all', '', one.status, change), ('key_result', one.key_result, one.status, change),
    ('owner', coalesce(one.owner,''), one.status, change), ('stage', one.stage, one.status, change)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = t.tasks + change;
  IF one.done_on IS NOT NULL THEN
    INSERT INTO done_tally AS t (done_on, cycle_days, tasks)
    VALUES (one.done_on, one.done_on - one.started_on + 1, change)
    ON CONFLICT (done_on, cycle_days) DO UPDATE SET tasks = t.tasks + change;
  END IF;
END $$
--;;
CREATE FUNCTION tally_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM tally(OLD, -1); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM tally(NEW, 1); END IF;
  RETURN NULL;
END $$
--;;
CREATE TRIGGER task_is_tallied AFTER INSERT OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION tally_task()
--;;
CREATE TRIGGER task_is_tallied_anew AFTER UPDATE OF key_result, status, owner, stage, started_on, done_on ON task
FOR EACH ROW WHEN ((OLD.key_result, OLD.status, OLD.owner, OLD.stage, OLD.started_on, OLD.done_on)
  IS DISTINCT FROM (NEW.key_result, NEW.status, NEW.owner, NEW.stage, NEW.started_on, NEW.done_on))
EXECUTE FUNCTION tally_task()
--;;
