-- What sync keeps of connections, links and runs. Statements end with a line of two semicolons in a comment.

ALTER TABLE connector ADD COLUMN settings JSON CONSTRAINT settings_is_a_list_or_object CHECK (json_typeof("settings") IN ('array','object'))
--;;
ALTER TABLE outbox ADD COLUMN began_at VARCHAR
--;;
ALTER TABLE external_link ADD COLUMN base JSON CONSTRAINT base_is_a_list_or_object CHECK (json_typeof("base") IN ('array','object'))
--;;
ALTER TABLE external_link ADD COLUMN theirs JSON CONSTRAINT theirs_is_a_list_or_object CHECK (json_typeof("theirs") IN ('array','object'))
--;;
ALTER TABLE external_link ADD COLUMN version VARCHAR
--;;
ALTER TABLE external_link ADD COLUMN url VARCHAR
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
  UNIQUE (connector, external_id)
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
  CONSTRAINT sent_is_a_list_or_object CHECK (json_typeof("sent") IN ('array','object'))
)
--;;
CREATE TABLE sync_state (
  connector VARCHAR NOT NULL,
  cursor VARCHAR,
  seen_batch INTEGER DEFAULT '0' NOT NULL,
  PRIMARY KEY (connector),
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE CASCADE ON UPDATE CASCADE
)
--;;
CREATE TABLE sync_run (
  number SERIAL NOT NULL,
  connector VARCHAR NOT NULL,
  began_at VARCHAR NOT NULL,
  ended_at VARCHAR,
  outcome VARCHAR,
  words VARCHAR,
  PRIMARY KEY (number),
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT number_is_positive CHECK (number > 0),
  CONSTRAINT outcome_of_run_is_known CHECK (outcome IS NULL OR outcome IN ('done','stopped','failed'))
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
  FOREIGN KEY(run) REFERENCES sync_run (number) ON DELETE CASCADE ON UPDATE CASCADE
)
--;;
