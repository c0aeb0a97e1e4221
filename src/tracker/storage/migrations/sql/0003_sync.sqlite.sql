-- What sync keeps of connections, links and runs. Statements end with a line of two semicolons in a comment.

ALTER TABLE connector ADD COLUMN settings JSON CONSTRAINT settings_is_a_list_or_object CHECK (typeof("settings") IN ('text','null') AND "settings" GLOB '[[{]*[]}]')
--;;
ALTER TABLE outbox ADD COLUMN began_at VARCHAR CONSTRAINT began_at_is_text CHECK (typeof("began_at") IN ('text','null'))
--;;
ALTER TABLE external_link ADD COLUMN base JSON CONSTRAINT base_is_a_list_or_object CHECK (typeof("base") IN ('text','null') AND "base" GLOB '[[{]*[]}]')
--;;
ALTER TABLE external_link ADD COLUMN theirs JSON CONSTRAINT theirs_is_a_list_or_object CHECK (typeof("theirs") IN ('text','null') AND "theirs" GLOB '[[{]*[]}]')
--;;
ALTER TABLE external_link ADD COLUMN version VARCHAR CONSTRAINT version_is_text CHECK (typeof("version") IN ('text','null'))
--;;
ALTER TABLE external_link ADD COLUMN url VARCHAR CONSTRAINT url_is_text CHECK (typeof("url") IN ('text','null'))
--;;
CREATE INDEX external_link_state ON external_link (connector, state, task)
--;;
CREATE TABLE comment_link (
  comment INTEGER NOT NULL,
  connector VARCHAR NOT NULL,
  external_id VARCHAR NOT NULL,
  PRIMARY KEY (comment, connector),
  FOREIGN KEY(comment) REFERENCES comment (number) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  UNIQUE (connector, external_id),
  CONSTRAINT comment_is_a_whole_number CHECK (typeof("comment") IN ('integer','null')),
  CONSTRAINT external_id_is_text CHECK (typeof("external_id") IN ('text','null'))
)
--;;
CREATE TABLE goal_link (
  key_result VARCHAR NOT NULL,
  connector VARCHAR NOT NULL,
  external_id VARCHAR NOT NULL,
  sent JSON,
  PRIMARY KEY (key_result, connector),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  UNIQUE (connector, external_id),
  CONSTRAINT external_id_is_text CHECK (typeof("external_id") IN ('text','null')),
  CONSTRAINT sent_is_a_list_or_object CHECK (typeof("sent") IN ('text','null') AND "sent" GLOB '[[{]*[]}]')
)
--;;
CREATE TABLE sync_state (
  connector VARCHAR NOT NULL,
  cursor VARCHAR,
  seen_batch INTEGER DEFAULT '0' NOT NULL,
  PRIMARY KEY (connector),
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT cursor_is_text CHECK (typeof("cursor") IN ('text','null')),
  CONSTRAINT seen_batch_is_a_whole_number CHECK (typeof("seen_batch") IN ('integer','null'))
)
--;;
CREATE TABLE sync_run (
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  connector VARCHAR NOT NULL,
  began_at VARCHAR NOT NULL,
  ended_at VARCHAR,
  outcome VARCHAR,
  words VARCHAR,
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT number_is_positive CHECK (number > 0),
  CONSTRAINT outcome_of_run_is_known CHECK (outcome IS NULL OR outcome IN ('done','stopped','failed')),
  CONSTRAINT began_at_is_text CHECK (typeof("began_at") IN ('text','null')),
  CONSTRAINT ended_at_is_text CHECK (typeof("ended_at") IN ('text','null')),
  CONSTRAINT outcome_is_text CHECK (typeof("outcome") IN ('text','null')),
  CONSTRAINT words_is_text CHECK (typeof("words") IN ('text','null'))
)
--;;
CREATE INDEX sync_run_of_connector ON sync_run (connector, number)
--;;
CREATE TABLE sync_note (
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  task VARCHAR,
  action VARCHAR NOT NULL,
  words VARCHAR NOT NULL,
  PRIMARY KEY (run, seq),
  FOREIGN KEY(run) REFERENCES sync_run (number) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT run_is_a_whole_number CHECK (typeof("run") IN ('integer','null')),
  CONSTRAINT seq_is_a_whole_number CHECK (typeof("seq") IN ('integer','null')),
  CONSTRAINT task_is_text CHECK (typeof("task") IN ('text','null')),
  CONSTRAINT action_is_text CHECK (typeof("action") IN ('text','null')),
  CONSTRAINT words_is_text CHECK (typeof("words") IN ('text','null'))
)
--;;
