-- What check-ins, calendar, flow, plan back and audit read. Statements end with a line of two semicolons in a comment.

ALTER TABLE task ADD COLUMN series VARCHAR
--;;
CREATE TABLE superseded_check_in (
  key_result VARCHAR NOT NULL,
  on_date DATE NOT NULL,
  seq INTEGER NOT NULL,
  value NUMERIC NOT NULL,
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
  CONSTRAINT on_date_is_a_day CHECK ("on_date" BETWEEN '0001-01-01' AND '9999-12-31'),
  CONSTRAINT replaced_on_is_a_day CHECK ("replaced_on" BETWEEN '0001-01-01' AND '9999-12-31'),
  CONSTRAINT value_is_a_number CHECK ("value" NOT IN ('NaN','Infinity','-Infinity'))
)
--;;
CREATE TABLE flow_tally (
  on_date DATE NOT NULL,
  status VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (on_date, status)
)
--;;
CREATE TABLE reason_tally (
  key_result VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (key_result, reason)
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
DROP TRIGGER task_is_tallied_anew ON task
--;;
-- Once more, now with every subject that a screen counts by, and with the contributions of open tasks.
CREATE OR REPLACE FUNCTION tally(one task, change integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  said text := substr(lower(trim(one.contribution)), 1, 200);
BEGIN
  INSERT INTO task_tally AS t (key_result, status, owner, stage, tasks)
  VALUES (one.key_result, one.status, coalesce(one.owner,''), one.stage, change)
  ON CONFLICT (key_result, status, owner, stage) DO UPDATE SET tasks = t.tasks + change;
  INSERT INTO status_tally AS t (scope, subject, status, tasks)
  SELECT given.scope, given.subject, one.status, change FROM (VALUES
    ('all', ''),
    ('key_result', one.key_result),
    ('owner', coalesce(one.owner,'')),
    ('stage', one.stage),
    ('channel', coalesce(one.channel,'')),
    ('medium', one.medium),
    ('kind', one.kind),
    ('coverage', one.stage || '|' || one.medium),
    ('step', one.key_result || '|' || one.journey_step::text),
    ('due', one.due_on::text),
    ('publish', one.publish_on::text),
    ('done_of', one.key_result || '|' || one.done_on::text)
  ) AS given (scope, subject) WHERE given.subject IS NOT NULL
  ON CONFLICT (scope, subject, status) DO UPDATE SET tasks = t.tasks + change;
  IF one.done_on IS NOT NULL THEN
    INSERT INTO done_tally AS t (done_on, cycle_days, tasks)
    VALUES (one.done_on, one.done_on - one.started_on + 1, change)
    ON CONFLICT (done_on, cycle_days) DO UPDATE SET tasks = t.tasks + change;
  END IF;
  IF one.status NOT IN ('done','cancelled') AND said <> '' THEN
    INSERT INTO reason_tally AS t (key_result, reason, tasks) VALUES (one.key_result, said, change)
    ON CONFLICT (key_result, reason) DO UPDATE SET tasks = t.tasks + change;
    DELETE FROM reason_tally WHERE key_result = one.key_result AND reason = said AND tasks = 0;
  END IF;
END $$
--;;
CREATE TRIGGER task_is_tallied_anew AFTER UPDATE OF key_result, status, owner, stage, channel, medium, kind, journey_step, due_on, publish_on, started_on, done_on, contribution ON task
FOR EACH ROW WHEN ((OLD.key_result, OLD.status, OLD.owner, OLD.stage, OLD.channel, OLD.medium, OLD.kind, OLD.journey_step, OLD.due_on, OLD.publish_on, OLD.started_on, OLD.done_on, OLD.contribution)
  IS DISTINCT FROM (NEW.key_result, NEW.status, NEW.owner, NEW.stage, NEW.channel, NEW.medium, NEW.kind, NEW.journey_step, NEW.due_on, NEW.publish_on, NEW.started_on, NEW.done_on, NEW.contribution))
EXECUTE FUNCTION tally_task()
--;;
-- flow_tally: what entered a status on a day, less what left it.
CREATE FUNCTION tally_flow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event task_event := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  change integer := CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END;
BEGIN
  INSERT INTO flow_tally AS t (on_date, status, tasks)
  SELECT event.on_date, given.status, given.tasks
  FROM (VALUES (event.to_status, change), (event.from_status, -change)) AS given (status, tasks)
  WHERE given.status IS NOT NULL
  ON CONFLICT (on_date, status) DO UPDATE SET tasks = t.tasks + excluded.tasks;
  RETURN NULL;
END $$
--;;
CREATE TRIGGER flow_is_tallied AFTER INSERT OR DELETE ON task_event FOR EACH ROW EXECUTE FUNCTION tally_flow()
--;;
DELETE FROM status_tally
--;;
INSERT INTO status_tally (scope, subject, status, tasks)
SELECT 'all', '', status, count(*) FROM task GROUP BY 3
UNION ALL SELECT 'key_result', key_result, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'owner', coalesce(owner,''), status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'stage', stage, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'channel', coalesce(channel,''), status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'medium', medium, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'kind', kind, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'coverage', stage || '|' || medium, status, count(*) FROM task GROUP BY 2, 3
UNION ALL SELECT 'step', key_result || '|' || journey_step::text, status, count(*) FROM task WHERE journey_step IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'due', due_on::text, status, count(*) FROM task WHERE due_on IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'publish', publish_on::text, status, count(*) FROM task WHERE publish_on IS NOT NULL GROUP BY 2, 3
UNION ALL SELECT 'done_of', key_result || '|' || done_on::text, status, count(*) FROM task WHERE done_on IS NOT NULL GROUP BY 2, 3
--;;
INSERT INTO reason_tally (key_result, reason, tasks)
SELECT key_result, substr(lower(trim(contribution)), 1, 200), count(*) FROM task
WHERE status NOT IN ('done','cancelled') AND trim(contribution) <> '' GROUP BY 1, 2
--;;
INSERT INTO flow_tally (on_date, status, tasks)
SELECT on_date, status, sum(change) FROM (
  SELECT on_date, to_status AS status, 1 AS change FROM task_event
  UNION ALL SELECT on_date, from_status, -1 FROM task_event WHERE from_status IS NOT NULL) AS moves GROUP BY 1, 2
--;;
UPDATE task SET series = id WHERE recurs IS NOT NULL
--;;
