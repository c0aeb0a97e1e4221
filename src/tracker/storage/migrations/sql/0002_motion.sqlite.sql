-- What check-ins, calendar, flow, plan back and audit read. Statements end with a line of two semicolons in a comment.

ALTER TABLE task ADD COLUMN series VARCHAR CONSTRAINT series_is_text CHECK (typeof("series") IN ('text','null'))
--;;
CREATE TABLE superseded_check_in (
  key_result VARCHAR NOT NULL,
  on_date DATE NOT NULL,
  seq INTEGER NOT NULL,
  value TEXT NOT NULL,
  confidence INTEGER NOT NULL,
  author VARCHAR NOT NULL,
  note VARCHAR NOT NULL,
  blocks VARCHAR,
  health_override VARCHAR,
  override_reason VARCHAR,
  replaced_on DATE NOT NULL,
  replaced_by VARCHAR NOT NULL,
  PRIMARY KEY (key_result, on_date, seq),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(author) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT confidence_is_0_to_10 CHECK (confidence BETWEEN 0 AND 10),
  CONSTRAINT check_in_has_a_note CHECK (length(trim(note)) > 0),
  CONSTRAINT on_date_is_a_day CHECK (date("on_date",'+0 days') IS "on_date" AND "on_date" >= '0001-01-01'),
  CONSTRAINT replaced_on_is_a_day CHECK (date("replaced_on",'+0 days') IS "replaced_on" AND "replaced_on" >= '0001-01-01'),
  CONSTRAINT seq_is_a_whole_number CHECK (typeof("seq") IN ('integer','null')),
  CONSTRAINT value_is_a_number CHECK (typeof("value") IN ('text','null') AND "value" GLOB '*[0-9]*' AND "value" NOT GLOB '*[^-0-9.]*' AND "value" NOT GLOB '*.*.*' AND "value" NOT GLOB '?*-*'),
  CONSTRAINT confidence_is_a_whole_number CHECK (typeof("confidence") IN ('integer','null')),
  CONSTRAINT note_is_text CHECK (typeof("note") IN ('text','null')),
  CONSTRAINT blocks_is_text CHECK (typeof("blocks") IN ('text','null')),
  CONSTRAINT health_override_is_text CHECK (typeof("health_override") IN ('text','null')),
  CONSTRAINT override_reason_is_text CHECK (typeof("override_reason") IN ('text','null')),
  CONSTRAINT replaced_by_is_text CHECK (typeof("replaced_by") IN ('text','null'))
)
--;;
CREATE TABLE flow_tally (
  on_date DATE NOT NULL,
  status VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (on_date, status),
  CONSTRAINT status_is_text CHECK (typeof("status") IN ('text','null')),
  CONSTRAINT tasks_is_a_whole_number CHECK (typeof("tasks") IN ('integer','null'))
)
--;;
CREATE TABLE reason_tally (
  key_result VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (key_result, reason),
  CONSTRAINT key_result_is_text CHECK (typeof("key_result") IN ('text','null')),
  CONSTRAINT reason_is_text CHECK (typeof("reason") IN ('text','null')),
  CONSTRAINT tasks_is_a_whole_number CHECK (typeof("tasks") IN ('integer','null'))
)
--;;
CREATE INDEX reason_copied ON reason_tally (key_result, reason) WHERE tasks >= 3
--;;
CREATE INDEX task_ageing ON task (status, started_on, number) WHERE status IN ('doing','review')
--;;
CREATE INDEX task_board_channel ON task (channel, status, waits, rank, due_order, number)
--;;
CREATE INDEX task_board_medium ON task (medium, status, waits, rank, due_order, number)
--;;
CREATE INDEX task_done_channel ON task (channel, status, done_on, number)
--;;
CREATE INDEX task_done_medium ON task (medium, status, done_on, number)
--;;
CREATE INDEX task_publish ON task (publish_on, number) WHERE publish_on IS NOT NULL
--;;
CREATE INDEX task_series ON task (series, number) WHERE series IS NOT NULL
--;;
CREATE INDEX task_step ON task (key_result, journey_step, number) WHERE journey_step IS NOT NULL
--;;
CREATE INDEX task_wordless ON task (number) WHERE contribution = '' AND status IN ('assigned','doing','review')
--;;
DROP TRIGGER tally_insert
--;;
DROP TRIGGER tally_delete
--;;
DROP TRIGGER tally_update
--;;
-- task_tally and status_tally, now with every subject that a screen counts by.
CREATE TRIGGER tally_insert AFTER INSERT ON task
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (NEW.key_result, NEW.status, coalesce(NEW.owner,''), NEW.stage, 1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES
    ('all', '', NEW.status, 1),
    ('key_result', NEW.key_result, NEW.status, 1),
    ('owner', coalesce(NEW.owner,''), NEW.status, 1),
    ('stage', NEW.stage, NEW.status, 1),
    ('channel', coalesce(NEW.channel,''), NEW.status, 1),
    ('medium', NEW.medium, NEW.status, 1),
    ('kind', NEW.kind, NEW.status, 1),
    ('coverage', NEW.stage || '|' || NEW.medium, NEW.status, 1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'step', NEW.key_result || '|' || NEW.journey_step, NEW.status, 1 WHERE NEW.journey_step IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'due', NEW.due_on, NEW.status, 1 WHERE NEW.due_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'publish', NEW.publish_on, NEW.status, 1 WHERE NEW.publish_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'done_of', NEW.key_result || '|' || NEW.done_on, NEW.status, 1 WHERE NEW.done_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER tally_delete AFTER DELETE ON task
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (OLD.key_result, OLD.status, coalesce(OLD.owner,''), OLD.stage, -1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES
    ('all', '', OLD.status, -1),
    ('key_result', OLD.key_result, OLD.status, -1),
    ('owner', coalesce(OLD.owner,''), OLD.status, -1),
    ('stage', OLD.stage, OLD.status, -1),
    ('channel', coalesce(OLD.channel,''), OLD.status, -1),
    ('medium', OLD.medium, OLD.status, -1),
    ('kind', OLD.kind, OLD.status, -1),
    ('coverage', OLD.stage || '|' || OLD.medium, OLD.status, -1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'step', OLD.key_result || '|' || OLD.journey_step, OLD.status, -1 WHERE OLD.journey_step IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'due', OLD.due_on, OLD.status, -1 WHERE OLD.due_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'publish', OLD.publish_on, OLD.status, -1 WHERE OLD.publish_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'done_of', OLD.key_result || '|' || OLD.done_on, OLD.status, -1 WHERE OLD.done_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER tally_update AFTER UPDATE OF key_result, status, owner, stage, channel, medium, kind, journey_step, due_on, publish_on, done_on ON task
WHEN OLD.key_result IS NOT NEW.key_result OR OLD.status IS NOT NEW.status OR OLD.owner IS NOT NEW.owner
  OR OLD.stage IS NOT NEW.stage OR OLD.channel IS NOT NEW.channel OR OLD.medium IS NOT NEW.medium
  OR OLD.kind IS NOT NEW.kind OR OLD.journey_step IS NOT NEW.journey_step OR OLD.due_on IS NOT NEW.due_on
  OR OLD.publish_on IS NOT NEW.publish_on OR OLD.done_on IS NOT NEW.done_on
BEGIN
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (OLD.key_result, OLD.status, coalesce(OLD.owner,''), OLD.stage, -1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES
    ('all', '', OLD.status, -1),
    ('key_result', OLD.key_result, OLD.status, -1),
    ('owner', coalesce(OLD.owner,''), OLD.status, -1),
    ('stage', OLD.stage, OLD.status, -1),
    ('channel', coalesce(OLD.channel,''), OLD.status, -1),
    ('medium', OLD.medium, OLD.status, -1),
    ('kind', OLD.kind, OLD.status, -1),
    ('coverage', OLD.stage || '|' || OLD.medium, OLD.status, -1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'step', OLD.key_result || '|' || OLD.journey_step, OLD.status, -1 WHERE OLD.journey_step IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'due', OLD.due_on, OLD.status, -1 WHERE OLD.due_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'publish', OLD.publish_on, OLD.status, -1 WHERE OLD.publish_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'done_of', OLD.key_result || '|' || OLD.done_on, OLD.status, -1 WHERE OLD.done_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO task_tally (key_result, status, owner, stage, tasks)
  VALUES (NEW.key_result, NEW.status, coalesce(NEW.owner,''), NEW.stage, 1)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  VALUES
    ('all', '', NEW.status, 1),
    ('key_result', NEW.key_result, NEW.status, 1),
    ('owner', coalesce(NEW.owner,''), NEW.status, 1),
    ('stage', NEW.stage, NEW.status, 1),
    ('channel', coalesce(NEW.channel,''), NEW.status, 1),
    ('medium', NEW.medium, NEW.status, 1),
    ('kind', NEW.kind, NEW.status, 1),
    ('coverage', NEW.stage || '|' || NEW.medium, NEW.status, 1)
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'step', NEW.key_result || '|' || NEW.journey_step, NEW.status, 1 WHERE NEW.journey_step IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'due', NEW.due_on, NEW.status, 1 WHERE NEW.due_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'publish', NEW.publish_on, NEW.status, 1 WHERE NEW.publish_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO status_tally (scope, subject, status, tasks)
  SELECT 'done_of', NEW.key_result || '|' || NEW.done_on, NEW.status, 1 WHERE NEW.done_on IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
-- reason_tally: open tasks that give the same contribution.
CREATE TRIGGER reason_tally_insert AFTER INSERT ON task
BEGIN
  INSERT INTO reason_tally (key_result, reason, tasks)
  SELECT NEW.key_result, substr(lower(trim(NEW.contribution)), 1, 200), 1
  WHERE NEW.is_open = 1 AND substr(lower(trim(NEW.contribution)), 1, 200) <> ''
  ON CONFLICT (key_result, reason) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER reason_tally_delete AFTER DELETE ON task
BEGIN
  INSERT INTO reason_tally (key_result, reason, tasks)
  SELECT OLD.key_result, substr(lower(trim(OLD.contribution)), 1, 200), -1
  WHERE OLD.is_open = 1 AND substr(lower(trim(OLD.contribution)), 1, 200) <> ''
  ON CONFLICT (key_result, reason) DO UPDATE SET tasks = tasks + excluded.tasks;
  DELETE FROM reason_tally WHERE key_result = OLD.key_result AND reason = substr(lower(trim(OLD.contribution)), 1, 200) AND tasks = 0;
END
--;;
CREATE TRIGGER reason_tally_update AFTER UPDATE OF key_result, status, contribution ON task
WHEN OLD.key_result IS NOT NEW.key_result OR OLD.is_open IS NOT NEW.is_open OR OLD.contribution IS NOT NEW.contribution
BEGIN
  INSERT INTO reason_tally (key_result, reason, tasks)
  SELECT OLD.key_result, substr(lower(trim(OLD.contribution)), 1, 200), -1
  WHERE OLD.is_open = 1 AND substr(lower(trim(OLD.contribution)), 1, 200) <> ''
  ON CONFLICT (key_result, reason) DO UPDATE SET tasks = tasks + excluded.tasks;
  DELETE FROM reason_tally WHERE key_result = OLD.key_result AND reason = substr(lower(trim(OLD.contribution)), 1, 200) AND tasks = 0;
  INSERT INTO reason_tally (key_result, reason, tasks)
  SELECT NEW.key_result, substr(lower(trim(NEW.contribution)), 1, 200), 1
  WHERE NEW.is_open = 1 AND substr(lower(trim(NEW.contribution)), 1, 200) <> ''
  ON CONFLICT (key_result, reason) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
-- flow_tally: what entered a status on a day, less what left it.
CREATE TRIGGER flow_tally_insert AFTER INSERT ON task_event
BEGIN
  INSERT INTO flow_tally (on_date, status, tasks) VALUES (NEW.on_date, NEW.to_status, 1)
  ON CONFLICT (on_date, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO flow_tally (on_date, status, tasks)
  SELECT NEW.on_date, NEW.from_status, -1 WHERE NEW.from_status IS NOT NULL
  ON CONFLICT (on_date, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
CREATE TRIGGER flow_tally_delete AFTER DELETE ON task_event
BEGIN
  INSERT INTO flow_tally (on_date, status, tasks) VALUES (OLD.on_date, OLD.to_status, -1)
  ON CONFLICT (on_date, status) DO UPDATE SET tasks = tasks + excluded.tasks;
  INSERT INTO flow_tally (on_date, status, tasks)
  SELECT OLD.on_date, OLD.from_status, 1 WHERE OLD.from_status IS NOT NULL
  ON CONFLICT (on_date, status) DO UPDATE SET tasks = tasks + excluded.tasks;
END
--;;
DELETE FROM status_tally
--;;
INSERT INTO status_tally (scope, subject, status, tasks)
SELECT * FROM (
SELECT 'all', '', status, count(*) FROM task GROUP BY 3
UNION ALL SELECT 'key_result', key_result, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'owner', coalesce(owner,''), status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'stage', stage, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'channel', coalesce(channel,''), status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'medium', medium, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'kind', kind, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'coverage', stage || '|' || medium, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'step', key_result || '|' || journey_step, status, count(*) FROM task WHERE journey_step IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'due', due_on, status, count(*) FROM task WHERE due_on IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'publish', publish_on, status, count(*) FROM task WHERE publish_on IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'done_of', key_result || '|' || done_on, status, count(*) FROM task WHERE done_on IS NOT NULL GROUP BY 2, 3)
--;;
INSERT INTO reason_tally (key_result, reason, tasks)
SELECT key_result, substr(lower(trim(contribution)), 1, 200), count(*) FROM task
WHERE is_open = 1 AND trim(contribution) <> '' GROUP BY 1, 2
--;;
INSERT INTO flow_tally (on_date, status, tasks)
SELECT on_date, status, sum(change) FROM (
  SELECT on_date, to_status AS status, 1 AS change FROM task_event
  UNION ALL SELECT on_date, from_status, -1 FROM task_event WHERE from_status IS NOT NULL) GROUP BY 1, 2
--;;
UPDATE task SET series = id WHERE recurs IS NOT NULL
--;;
