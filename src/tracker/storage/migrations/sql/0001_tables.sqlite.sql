-- Tables and indexes as of the first release. Statements end with a line of two semicolons in a comment.

CREATE TABLE audit_snapshot (
  "on" DATE NOT NULL,
  rule VARCHAR NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY ("on", rule),
  CONSTRAINT on_is_a_day CHECK (date("on",'+0 days') IS "on" AND "on" >= '0001-01-01'),
  CONSTRAINT rule_is_text CHECK (typeof("rule") IN ('text','null')),
  CONSTRAINT count_is_a_whole_number CHECK (typeof("count") IN ('integer','null'))
)
--;;
CREATE TABLE change_batch (
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at VARCHAR NOT NULL,
  "by" VARCHAR NOT NULL,
  label VARCHAR NOT NULL,
  kind VARCHAR DEFAULT 'do' NOT NULL,
  reverts INTEGER,
  is_reverted INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT kind_is_known CHECK (kind IN ('do','undo','redo')),
  CONSTRAINT is_reverted_is_a_flag CHECK (is_reverted IN (0,1)),
  CONSTRAINT number_is_positive CHECK (number > 0),
  FOREIGN KEY(reverts) REFERENCES change_batch (number) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT at_is_text CHECK (typeof("at") IN ('text','null')),
  CONSTRAINT by_is_text CHECK (typeof("by") IN ('text','null')),
  CONSTRAINT label_is_text CHECK (typeof("label") IN ('text','null')),
  CONSTRAINT reverts_is_a_whole_number CHECK (typeof("reverts") IN ('integer','null')),
  CONSTRAINT is_reverted_is_a_whole_number CHECK (typeof("is_reverted") IN ('integer','null'))
)
--;;
CREATE INDEX change_batch_of_person ON change_batch ("by", number)
--;;
CREATE INDEX change_batch_reverts ON change_batch (reverts)
--;;
CREATE TABLE channel (
  id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  kind VARCHAR DEFAULT 'owned' NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT kind_is_known CHECK (kind IN ('paid','earned','shared','owned')),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT name_is_text CHECK (typeof("name") IN ('text','null'))
)
--;;
CREATE TABLE connector (
  id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  project VARCHAR,
  direction VARCHAR DEFAULT 'push' NOT NULL,
  maps JSON NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT direction_is_known CHECK (direction IN ('push','pull','both')),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT kind_is_text CHECK (typeof("kind") IN ('text','null')),
  CONSTRAINT project_is_text CHECK (typeof("project") IN ('text','null')),
  CONSTRAINT maps_is_a_list_or_object CHECK (typeof("maps") IN ('text','null') AND "maps" GLOB '[[{]*[]}]')
)
--;;
CREATE TABLE decision (
  number INTEGER NOT NULL,
  rule VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  choice VARCHAR NOT NULL,
  cause VARCHAR,
  reason VARCHAR NOT NULL,
  "by" VARCHAR NOT NULL,
  "on" DATE NOT NULL,
  figures JSON,
  PRIMARY KEY (number),
  CONSTRAINT choice_is_known CHECK (choice IN ('keep','recalibrate','kill')),
  CONSTRAINT on_is_a_day CHECK (date("on",'+0 days') IS "on" AND "on" >= '0001-01-01'),
  CONSTRAINT rule_is_text CHECK (typeof("rule") IN ('text','null')),
  CONSTRAINT subject_is_text CHECK (typeof("subject") IN ('text','null')),
  CONSTRAINT cause_is_text CHECK (typeof("cause") IN ('text','null')),
  CONSTRAINT reason_is_text CHECK (typeof("reason") IN ('text','null')),
  CONSTRAINT by_is_text CHECK (typeof("by") IN ('text','null')),
  CONSTRAINT figures_is_a_list_or_object CHECK (typeof("figures") IN ('text','null') AND "figures" GLOB '[[{]*[]}]')
)
--;;
CREATE TABLE done_tally (
  done_on DATE NOT NULL,
  cycle_days INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (done_on, cycle_days),
  CONSTRAINT cycle_days_is_a_whole_number CHECK (typeof("cycle_days") IN ('integer','null')),
  CONSTRAINT tasks_is_a_whole_number CHECK (typeof("tasks") IN ('integer','null'))
)
--;;
CREATE TABLE outbox (
  number INTEGER NOT NULL,
  connector VARCHAR NOT NULL,
  task VARCHAR,
  operation VARCHAR NOT NULL,
  idempotency_key VARCHAR NOT NULL,
  tries INTEGER DEFAULT '0' NOT NULL,
  PRIMARY KEY (number),
  UNIQUE (idempotency_key),
  CONSTRAINT connector_is_text CHECK (typeof("connector") IN ('text','null')),
  CONSTRAINT task_is_text CHECK (typeof("task") IN ('text','null')),
  CONSTRAINT operation_is_text CHECK (typeof("operation") IN ('text','null')),
  CONSTRAINT idempotency_key_is_text CHECK (typeof("idempotency_key") IN ('text','null')),
  CONSTRAINT tries_is_a_whole_number CHECK (typeof("tries") IN ('integer','null'))
)
--;;
CREATE TABLE person (
  id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  title VARCHAR,
  email VARCHAR,
  role VARCHAR DEFAULT 'member' NOT NULL,
  kind VARCHAR DEFAULT 'employee' NOT NULL,
  capacity_h_week INTEGER,
  rate_minor_per_day BIGINT,
  active INTEGER DEFAULT '1' NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT role_is_known CHECK (role IN ('manager','member','contributor')),
  CONSTRAINT kind_is_known CHECK (kind IN ('employee','contractor')),
  CONSTRAINT person_is_named CHECK (length(trim(id)) > 0 AND length(trim(name)) > 0),
  CONSTRAINT capacity_is_not_negative CHECK (capacity_h_week >= 0),
  CONSTRAINT rate_is_not_negative CHECK (rate_minor_per_day >= 0),
  CONSTRAINT active_is_a_flag CHECK (active IN (0,1)),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT name_is_text CHECK (typeof("name") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT email_is_text CHECK (typeof("email") IN ('text','null')),
  CONSTRAINT capacity_h_week_is_a_whole_number CHECK (typeof("capacity_h_week") IN ('integer','null')),
  CONSTRAINT rate_minor_per_day_is_a_whole_number CHECK (typeof("rate_minor_per_day") IN ('integer','null')),
  CONSTRAINT active_is_a_whole_number CHECK (typeof("active") IN ('integer','null'))
)
--;;
CREATE TABLE status_tally (
  scope VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (scope, subject, status),
  CONSTRAINT scope_is_text CHECK (typeof("scope") IN ('text','null')),
  CONSTRAINT subject_is_text CHECK (typeof("subject") IN ('text','null')),
  CONSTRAINT status_is_text CHECK (typeof("status") IN ('text','null')),
  CONSTRAINT tasks_is_a_whole_number CHECK (typeof("tasks") IN ('integer','null'))
)
--;;
CREATE TABLE task_tally (
  key_result VARCHAR NOT NULL,
  status VARCHAR NOT NULL,
  owner VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (key_result, status, owner, stage),
  CONSTRAINT key_result_is_text CHECK (typeof("key_result") IN ('text','null')),
  CONSTRAINT status_is_text CHECK (typeof("status") IN ('text','null')),
  CONSTRAINT owner_is_text CHECK (typeof("owner") IN ('text','null')),
  CONSTRAINT stage_is_text CHECK (typeof("stage") IN ('text','null')),
  CONSTRAINT tasks_is_a_whole_number CHECK (typeof("tasks") IN ('integer','null'))
)
--;;
CREATE TABLE wip_limit (
  scope VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  max INTEGER NOT NULL,
  mode VARCHAR DEFAULT 'soft' NOT NULL,
  PRIMARY KEY (scope, subject),
  CONSTRAINT scope_is_known CHECK (scope IN ('status','person_doing')),
  CONSTRAINT mode_is_known CHECK (mode IN ('soft','hard')),
  CONSTRAINT limit_is_positive CHECK (max > 0),
  CONSTRAINT subject_is_text CHECK (typeof("subject") IN ('text','null')),
  CONSTRAINT max_is_a_whole_number CHECK (typeof("max") IN ('integer','null'))
)
--;;
CREATE TABLE change (
  batch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entity VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  field VARCHAR NOT NULL,
  old VARCHAR,
  new VARCHAR,
  PRIMARY KEY (batch, seq),
  FOREIGN KEY(batch) REFERENCES change_batch (number) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT batch_is_a_whole_number CHECK (typeof("batch") IN ('integer','null')),
  CONSTRAINT seq_is_a_whole_number CHECK (typeof("seq") IN ('integer','null')),
  CONSTRAINT entity_is_text CHECK (typeof("entity") IN ('text','null')),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT field_is_text CHECK (typeof("field") IN ('text','null')),
  CONSTRAINT old_is_text CHECK (typeof("old") IN ('text','null')),
  CONSTRAINT new_is_text CHECK (typeof("new") IN ('text','null'))
)
--;;
CREATE INDEX change_of_entity ON change (entity, id, batch)
--;;
CREATE TABLE inbox_item (
  number INTEGER NOT NULL,
  person VARCHAR NOT NULL,
  task VARCHAR,
  what VARCHAR NOT NULL,
  "on" DATE NOT NULL,
  read_on DATE,
  PRIMARY KEY (number),
  FOREIGN KEY(person) REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT on_is_a_day CHECK (date("on",'+0 days') IS "on" AND "on" >= '0001-01-01'),
  CONSTRAINT read_on_is_a_day CHECK (date("read_on",'+0 days') IS "read_on" AND "read_on" >= '0001-01-01'),
  CONSTRAINT task_is_text CHECK (typeof("task") IN ('text','null')),
  CONSTRAINT what_is_text CHECK (typeof("what") IN ('text','null'))
)
--;;
CREATE TABLE strategy (
  id VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  owner VARCHAR NOT NULL,
  status VARCHAR DEFAULT 'draft' NOT NULL,
  meta_question VARCHAR,
  approach VARCHAR,
  who VARCHAR,
  why VARCHAR,
  desired_action VARCHAR,
  perception VARCHAR,
  differentiator VARCHAR,
  strengths VARCHAR,
  gap VARCHAR,
  now_state VARCHAR,
  want_state VARCHAR,
  obstacles VARCHAR,
  horizon_start DATE NOT NULL,
  horizon_end DATE NOT NULL,
  budget_minor BIGINT,
  currency VARCHAR,
  reviewed_on DATE,
  review_every_days INTEGER DEFAULT '30' NOT NULL,
  contribution_required INTEGER DEFAULT '0' NOT NULL,
  stages JSON,
  media JSON,
  version INTEGER DEFAULT '1' NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(owner) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT status_is_known CHECK (status IN ('draft','active','retired')),
  CONSTRAINT strategy_has_a_title CHECK (length(trim(title)) > 0),
  CONSTRAINT active_strategy_says_who_why_how_and_what CHECK (status <> 'active' OR (length(trim(coalesce(who,''))) > 0 AND length(trim(coalesce(why,''))) > 0 AND length(trim(coalesce(approach,''))) > 0 AND length(trim(coalesce(desired_action,''))) > 0)),
  CONSTRAINT horizon_ends_after_it_starts CHECK (horizon_end >= horizon_start),
  CONSTRAINT budget_is_not_negative CHECK (budget_minor >= 0),
  CONSTRAINT review_comes_round CHECK (review_every_days > 0),
  CONSTRAINT contribution_required_is_a_flag CHECK (contribution_required IN (0,1)),
  CONSTRAINT horizon_start_is_a_day CHECK (date("horizon_start",'+0 days') IS "horizon_start" AND "horizon_start" >= '0001-01-01'),
  CONSTRAINT horizon_end_is_a_day CHECK (date("horizon_end",'+0 days') IS "horizon_end" AND "horizon_end" >= '0001-01-01'),
  CONSTRAINT reviewed_on_is_a_day CHECK (date("reviewed_on",'+0 days') IS "reviewed_on" AND "reviewed_on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT meta_question_is_text CHECK (typeof("meta_question") IN ('text','null')),
  CONSTRAINT approach_is_text CHECK (typeof("approach") IN ('text','null')),
  CONSTRAINT who_is_text CHECK (typeof("who") IN ('text','null')),
  CONSTRAINT why_is_text CHECK (typeof("why") IN ('text','null')),
  CONSTRAINT desired_action_is_text CHECK (typeof("desired_action") IN ('text','null')),
  CONSTRAINT perception_is_text CHECK (typeof("perception") IN ('text','null')),
  CONSTRAINT differentiator_is_text CHECK (typeof("differentiator") IN ('text','null')),
  CONSTRAINT strengths_is_text CHECK (typeof("strengths") IN ('text','null')),
  CONSTRAINT gap_is_text CHECK (typeof("gap") IN ('text','null')),
  CONSTRAINT now_state_is_text CHECK (typeof("now_state") IN ('text','null')),
  CONSTRAINT want_state_is_text CHECK (typeof("want_state") IN ('text','null')),
  CONSTRAINT obstacles_is_text CHECK (typeof("obstacles") IN ('text','null')),
  CONSTRAINT budget_minor_is_a_whole_number CHECK (typeof("budget_minor") IN ('integer','null')),
  CONSTRAINT currency_is_text CHECK (typeof("currency") IN ('text','null')),
  CONSTRAINT review_every_days_is_a_whole_number CHECK (typeof("review_every_days") IN ('integer','null')),
  CONSTRAINT contribution_required_is_a_whole_number CHECK (typeof("contribution_required") IN ('integer','null')),
  CONSTRAINT stages_is_a_list_or_object CHECK (typeof("stages") IN ('text','null') AND "stages" GLOB '[[{]*[]}]'),
  CONSTRAINT media_is_a_list_or_object CHECK (typeof("media") IN ('text','null') AND "media" GLOB '[[{]*[]}]'),
  CONSTRAINT version_is_a_whole_number CHECK (typeof("version") IN ('integer','null'))
)
--;;
CREATE UNIQUE INDEX one_active_strategy ON strategy (status) WHERE status = 'active'
--;;
CREATE TABLE cycle (
  id VARCHAR NOT NULL,
  strategy VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  status VARCHAR DEFAULT 'planned' NOT NULL,
  checkin_weekday INTEGER DEFAULT '1' NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(strategy) REFERENCES strategy (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  UNIQUE (id, strategy),
  CONSTRAINT status_is_known CHECK (status IN ('planned','active','grading','closed')),
  CONSTRAINT cycle_ends_after_it_starts CHECK (ends_on >= starts_on),
  CONSTRAINT checkin_weekday_is_iso CHECK (checkin_weekday BETWEEN 1 AND 7),
  CONSTRAINT starts_on_is_a_day CHECK (date("starts_on",'+0 days') IS "starts_on" AND "starts_on" >= '0001-01-01'),
  CONSTRAINT ends_on_is_a_day CHECK (date("ends_on",'+0 days') IS "ends_on" AND "ends_on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT name_is_text CHECK (typeof("name") IN ('text','null')),
  CONSTRAINT checkin_weekday_is_a_whole_number CHECK (typeof("checkin_weekday") IN ('integer','null'))
)
--;;
CREATE UNIQUE INDEX one_running_cycle ON cycle (strategy) WHERE status IN ('active', 'grading')
--;;
CREATE TABLE micro_question (
  id VARCHAR NOT NULL,
  strategy VARCHAR NOT NULL,
  position INTEGER DEFAULT '1' NOT NULL,
  question VARCHAR NOT NULL,
  stage VARCHAR,
  PRIMARY KEY (id),
  FOREIGN KEY(strategy) REFERENCES strategy (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT position_is_a_whole_number CHECK (typeof("position") IN ('integer','null')),
  CONSTRAINT question_is_text CHECK (typeof("question") IN ('text','null')),
  CONSTRAINT stage_is_text CHECK (typeof("stage") IN ('text','null'))
)
--;;
CREATE TABLE strategy_channel (
  strategy VARCHAR NOT NULL,
  channel VARCHAR NOT NULL,
  position INTEGER DEFAULT '0' NOT NULL,
  PRIMARY KEY (strategy, channel),
  FOREIGN KEY(strategy) REFERENCES strategy (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(channel) REFERENCES channel (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT position_is_a_whole_number CHECK (typeof("position") IN ('integer','null'))
)
--;;
CREATE TABLE objective (
  id VARCHAR NOT NULL,
  strategy VARCHAR NOT NULL,
  cycle VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  ambition VARCHAR DEFAULT 'committed' NOT NULL,
  weight TEXT DEFAULT '1' NOT NULL,
  owner VARCHAR NOT NULL,
  micro_question VARCHAR,
  status VARCHAR DEFAULT 'draft' NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(cycle, strategy) REFERENCES cycle (id, strategy) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(owner) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(micro_question) REFERENCES micro_question (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT ambition_is_known CHECK (ambition IN ('committed','aspirational')),
  CONSTRAINT status_is_known CHECK (status IN ('draft','active','achieved','partial','missed','dropped')),
  CONSTRAINT objective_has_a_title CHECK (length(trim(title)) > 0),
  CONSTRAINT objective_weight_is_positive CHECK (CAST(weight AS NUMERIC) > 0),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT weight_is_a_number CHECK (typeof("weight") IN ('text','null') AND "weight" GLOB '*[0-9]*' AND "weight" NOT GLOB '*[^-0-9.]*' AND "weight" NOT GLOB '*.*.*' AND "weight" NOT GLOB '?*-*')
)
--;;
CREATE INDEX objective_of_cycle ON objective (cycle)
--;;
CREATE TABLE retrospective (
  cycle VARCHAR NOT NULL,
  held_on DATE NOT NULL,
  facilitator VARCHAR,
  worked JSON DEFAULT '[]' NOT NULL,
  did_not JSON DEFAULT '[]' NOT NULL,
  learned JSON DEFAULT '[]' NOT NULL,
  decisions JSON DEFAULT '[]' NOT NULL,
  PRIMARY KEY (cycle),
  FOREIGN KEY(cycle) REFERENCES cycle (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT held_on_is_a_day CHECK (date("held_on",'+0 days') IS "held_on" AND "held_on" >= '0001-01-01'),
  CONSTRAINT facilitator_is_text CHECK (typeof("facilitator") IN ('text','null')),
  CONSTRAINT worked_is_a_list_or_object CHECK (typeof("worked") IN ('text','null') AND "worked" GLOB '[[{]*[]}]'),
  CONSTRAINT did_not_is_a_list_or_object CHECK (typeof("did_not") IN ('text','null') AND "did_not" GLOB '[[{]*[]}]'),
  CONSTRAINT learned_is_a_list_or_object CHECK (typeof("learned") IN ('text','null') AND "learned" GLOB '[[{]*[]}]'),
  CONSTRAINT decisions_is_a_list_or_object CHECK (typeof("decisions") IN ('text','null') AND "decisions" GLOB '[[{]*[]}]')
)
--;;
CREATE TABLE key_result (
  id VARCHAR NOT NULL,
  objective VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  metric_kind VARCHAR DEFAULT 'number' NOT NULL,
  direction VARCHAR DEFAULT 'increase' NOT NULL,
  unit VARCHAR NOT NULL,
  currency VARCHAR,
  precision INTEGER DEFAULT '0' NOT NULL,
  baseline TEXT,
  target TEXT NOT NULL,
  target_max TEXT,
  stretch TEXT,
  weight TEXT DEFAULT '1' NOT NULL,
  owner VARCHAR NOT NULL,
  indicator VARCHAR DEFAULT 'lagging' NOT NULL,
  result_kind VARCHAR DEFAULT 'outcome' NOT NULL,
  pair_of VARCHAR,
  starts_on DATE NOT NULL,
  due_on DATE NOT NULL,
  cadence_days INTEGER DEFAULT '7' NOT NULL,
  status VARCHAR DEFAULT 'draft' NOT NULL,
  drop_reason VARCHAR,
  carried_from VARCHAR,
  PRIMARY KEY (id),
  FOREIGN KEY(objective) REFERENCES objective (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(owner) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(carried_from) REFERENCES key_result (id) ON DELETE SET NULL ON UPDATE CASCADE,
  FOREIGN KEY(pair_of) REFERENCES key_result (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT metric_kind_is_known CHECK (metric_kind IN ('number','percent','currency','milestone')),
  CONSTRAINT direction_is_known CHECK (direction IN ('increase','decrease','maintain_above','maintain_below','maintain_between')),
  CONSTRAINT indicator_is_known CHECK (indicator IN ('leading','lagging')),
  CONSTRAINT result_kind_is_known CHECK (result_kind IN ('outcome','output')),
  CONSTRAINT status_is_known CHECK (status IN ('draft','active','graded','dropped')),
  CONSTRAINT key_result_has_title_and_unit CHECK (length(trim(title)) > 0 AND length(trim(unit)) > 0),
  CONSTRAINT precision_is_0_to_6 CHECK (precision BETWEEN 0 AND 6),
  CONSTRAINT cadence_is_1_to_92_days CHECK (cadence_days BETWEEN 1 AND 92),
  CONSTRAINT key_result_weight_is_not_negative CHECK (CAST(weight AS NUMERIC) >= 0),
  CONSTRAINT key_result_ends_after_it_starts CHECK (due_on >= starts_on),
  CONSTRAINT increase_goes_up CHECK (direction <> 'increase' OR (baseline IS NOT NULL AND CAST(target AS NUMERIC) > CAST(baseline AS NUMERIC))),
  CONSTRAINT decrease_goes_down CHECK (direction <> 'decrease' OR (baseline IS NOT NULL AND CAST(target AS NUMERIC) < CAST(baseline AS NUMERIC))),
  CONSTRAINT maintain_has_no_baseline CHECK (direction NOT LIKE 'maintain_%' OR baseline IS NULL),
  CONSTRAINT between_has_two_bounds CHECK ((direction = 'maintain_between' AND target_max IS NOT NULL AND CAST(target_max AS NUMERIC) > CAST(target AS NUMERIC)) OR (direction <> 'maintain_between' AND target_max IS NULL)),
  CONSTRAINT milestones_count_up_from_zero CHECK (metric_kind <> 'milestone' OR (direction = 'increase' AND CAST(baseline AS NUMERIC) = 0 AND CAST(target AS NUMERIC) = CAST(CAST(target AS NUMERIC) AS INTEGER))),
  CONSTRAINT currency_goes_with_currency_metrics CHECK ((metric_kind = 'currency' AND currency IS NOT NULL AND length(currency) = 3) OR (metric_kind <> 'currency' AND currency IS NULL)),
  CONSTRAINT dropped_says_why CHECK (status <> 'dropped' OR length(trim(coalesce(drop_reason,''))) > 0),
  CONSTRAINT starts_on_is_a_day CHECK (date("starts_on",'+0 days') IS "starts_on" AND "starts_on" >= '0001-01-01'),
  CONSTRAINT due_on_is_a_day CHECK (date("due_on",'+0 days') IS "due_on" AND "due_on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT unit_is_text CHECK (typeof("unit") IN ('text','null')),
  CONSTRAINT currency_is_text CHECK (typeof("currency") IN ('text','null')),
  CONSTRAINT precision_is_a_whole_number CHECK (typeof("precision") IN ('integer','null')),
  CONSTRAINT baseline_is_a_number CHECK (typeof("baseline") IN ('text','null') AND "baseline" GLOB '*[0-9]*' AND "baseline" NOT GLOB '*[^-0-9.]*' AND "baseline" NOT GLOB '*.*.*' AND "baseline" NOT GLOB '?*-*'),
  CONSTRAINT target_is_a_number CHECK (typeof("target") IN ('text','null') AND "target" GLOB '*[0-9]*' AND "target" NOT GLOB '*[^-0-9.]*' AND "target" NOT GLOB '*.*.*' AND "target" NOT GLOB '?*-*'),
  CONSTRAINT target_max_is_a_number CHECK (typeof("target_max") IN ('text','null') AND "target_max" GLOB '*[0-9]*' AND "target_max" NOT GLOB '*[^-0-9.]*' AND "target_max" NOT GLOB '*.*.*' AND "target_max" NOT GLOB '?*-*'),
  CONSTRAINT stretch_is_a_number CHECK (typeof("stretch") IN ('text','null') AND "stretch" GLOB '*[0-9]*' AND "stretch" NOT GLOB '*[^-0-9.]*' AND "stretch" NOT GLOB '*.*.*' AND "stretch" NOT GLOB '?*-*'),
  CONSTRAINT weight_is_a_number CHECK (typeof("weight") IN ('text','null') AND "weight" GLOB '*[0-9]*' AND "weight" NOT GLOB '*[^-0-9.]*' AND "weight" NOT GLOB '*.*.*' AND "weight" NOT GLOB '?*-*'),
  CONSTRAINT cadence_days_is_a_whole_number CHECK (typeof("cadence_days") IN ('integer','null')),
  CONSTRAINT drop_reason_is_text CHECK (typeof("drop_reason") IN ('text','null'))
)
--;;
CREATE INDEX key_result_of_objective ON key_result (objective)
--;;
CREATE TABLE budget_line (
  id VARCHAR NOT NULL,
  label VARCHAR,
  strategy VARCHAR,
  key_result VARCHAR,
  planned_minor BIGINT DEFAULT '0' NOT NULL,
  spent_minor BIGINT DEFAULT '0' NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(strategy) REFERENCES strategy (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT money_is_not_negative CHECK (planned_minor >= 0 AND spent_minor >= 0),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT label_is_text CHECK (typeof("label") IN ('text','null')),
  CONSTRAINT planned_minor_is_a_whole_number CHECK (typeof("planned_minor") IN ('integer','null')),
  CONSTRAINT spent_minor_is_a_whole_number CHECK (typeof("spent_minor") IN ('integer','null'))
)
--;;
CREATE TABLE check_in (
  key_result VARCHAR NOT NULL,
  on_date DATE NOT NULL,
  value TEXT NOT NULL,
  confidence INTEGER NOT NULL,
  author VARCHAR NOT NULL,
  note VARCHAR NOT NULL,
  blocks VARCHAR,
  health_override VARCHAR,
  override_reason VARCHAR,
  supersedes VARCHAR,
  PRIMARY KEY (key_result, on_date),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(author) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT confidence_is_0_to_10 CHECK (confidence BETWEEN 0 AND 10),
  CONSTRAINT check_in_has_a_note CHECK (length(trim(note)) > 0),
  CONSTRAINT override_says_why CHECK (health_override IS NULL OR length(trim(coalesce(override_reason,''))) > 0),
  CONSTRAINT override_is_a_health CHECK (health_override IS NULL OR health_override IN ('on track','at risk','off track')),
  CONSTRAINT on_date_is_a_day CHECK (date("on_date",'+0 days') IS "on_date" AND "on_date" >= '0001-01-01'),
  CONSTRAINT value_is_a_number CHECK (typeof("value") IN ('text','null') AND "value" GLOB '*[0-9]*' AND "value" NOT GLOB '*[^-0-9.]*' AND "value" NOT GLOB '*.*.*' AND "value" NOT GLOB '?*-*'),
  CONSTRAINT confidence_is_a_whole_number CHECK (typeof("confidence") IN ('integer','null')),
  CONSTRAINT note_is_text CHECK (typeof("note") IN ('text','null')),
  CONSTRAINT blocks_is_text CHECK (typeof("blocks") IN ('text','null')),
  CONSTRAINT health_override_is_text CHECK (typeof("health_override") IN ('text','null')),
  CONSTRAINT override_reason_is_text CHECK (typeof("override_reason") IN ('text','null')),
  CONSTRAINT supersedes_is_text CHECK (typeof("supersedes") IN ('text','null'))
)
--;;
CREATE TABLE grade (
  key_result VARCHAR NOT NULL,
  raw_score TEXT NOT NULL,
  final_score TEXT NOT NULL,
  graded_by VARCHAR NOT NULL,
  graded_on DATE NOT NULL,
  rationale VARCHAR,
  PRIMARY KEY (key_result),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT other_grade_says_why CHECK (CAST(final_score AS NUMERIC) = CAST(raw_score AS NUMERIC) OR length(trim(coalesce(rationale,''))) >= 10),
  CONSTRAINT grade_is_a_share CHECK (CAST(final_score AS NUMERIC) BETWEEN 0 AND 1),
  CONSTRAINT graded_on_is_a_day CHECK (date("graded_on",'+0 days') IS "graded_on" AND "graded_on" >= '0001-01-01'),
  CONSTRAINT raw_score_is_a_number CHECK (typeof("raw_score") IN ('text','null') AND "raw_score" GLOB '*[0-9]*' AND "raw_score" NOT GLOB '*[^-0-9.]*' AND "raw_score" NOT GLOB '*.*.*' AND "raw_score" NOT GLOB '?*-*'),
  CONSTRAINT final_score_is_a_number CHECK (typeof("final_score") IN ('text','null') AND "final_score" GLOB '*[0-9]*' AND "final_score" NOT GLOB '*[^-0-9.]*' AND "final_score" NOT GLOB '*.*.*' AND "final_score" NOT GLOB '?*-*'),
  CONSTRAINT graded_by_is_text CHECK (typeof("graded_by") IN ('text','null')),
  CONSTRAINT rationale_is_text CHECK (typeof("rationale") IN ('text','null'))
)
--;;
CREATE TABLE journey_step (
  key_result VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  title VARCHAR NOT NULL,
  stage VARCHAR NOT NULL,
  rate TEXT,
  actual_rate TEXT,
  linked_key_result VARCHAR,
  min_pieces INTEGER,
  PRIMARY KEY (key_result, position),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(linked_key_result) REFERENCES key_result (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT rate_is_a_share CHECK (CAST(rate AS NUMERIC) > 0 AND CAST(rate AS NUMERIC) <= 1),
  CONSTRAINT position_is_a_whole_number CHECK (typeof("position") IN ('integer','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT stage_is_text CHECK (typeof("stage") IN ('text','null')),
  CONSTRAINT rate_is_a_number CHECK (typeof("rate") IN ('text','null') AND "rate" GLOB '*[0-9]*' AND "rate" NOT GLOB '*[^-0-9.]*' AND "rate" NOT GLOB '*.*.*' AND "rate" NOT GLOB '?*-*'),
  CONSTRAINT actual_rate_is_a_number CHECK (typeof("actual_rate") IN ('text','null') AND "actual_rate" GLOB '*[0-9]*' AND "actual_rate" NOT GLOB '*[^-0-9.]*' AND "actual_rate" NOT GLOB '*.*.*' AND "actual_rate" NOT GLOB '?*-*'),
  CONSTRAINT min_pieces_is_a_whole_number CHECK (typeof("min_pieces") IN ('integer','null'))
)
--;;
CREATE TABLE milestone (
  key_result VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  title VARCHAR NOT NULL,
  done_on DATE,
  PRIMARY KEY (key_result, position),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT done_on_is_a_day CHECK (date("done_on",'+0 days') IS "done_on" AND "done_on" >= '0001-01-01'),
  CONSTRAINT position_is_a_whole_number CHECK (typeof("position") IN ('integer','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null'))
)
--;;
CREATE TABLE planned_point (
  key_result VARCHAR NOT NULL,
  on_date DATE NOT NULL,
  expected TEXT NOT NULL,
  PRIMARY KEY (key_result, on_date),
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT expected_is_a_share CHECK (CAST(expected AS NUMERIC) BETWEEN 0 AND 1),
  CONSTRAINT on_date_is_a_day CHECK (date("on_date",'+0 days') IS "on_date" AND "on_date" >= '0001-01-01'),
  CONSTRAINT expected_is_a_number CHECK (typeof("expected") IN ('text','null') AND "expected" GLOB '*[0-9]*' AND "expected" NOT GLOB '*[^-0-9.]*' AND "expected" NOT GLOB '*.*.*' AND "expected" NOT GLOB '?*-*')
)
--;;
CREATE TABLE task (
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  id VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  key_result VARCHAR NOT NULL,
  contribution VARCHAR DEFAULT '' NOT NULL,
  notes VARCHAR DEFAULT '' NOT NULL,
  stage VARCHAR DEFAULT 'enabling' NOT NULL,
  kind VARCHAR DEFAULT 'ongoing' NOT NULL,
  medium VARCHAR DEFAULT 'other' NOT NULL,
  channel VARCHAR,
  journey_step INTEGER,
  shows VARCHAR,
  goal_question VARCHAR,
  owner VARCHAR,
  status VARCHAR DEFAULT 'backlog' NOT NULL,
  priority VARCHAR DEFAULT 'normal' NOT NULL,
  rank INTEGER DEFAULT '0' NOT NULL,
  created_on DATE NOT NULL,
  assigned_on DATE,
  started_on DATE,
  review_on DATE,
  done_on DATE,
  due_on DATE,
  publish_on DATE,
  estimate_low_h NUMERIC,
  estimate_high_h NUMERIC,
  cost_minor BIGINT DEFAULT '0' NOT NULL,
  blocked_reason VARCHAR,
  blocked_on DATE,
  cancel_reason VARCHAR,
  cancelled_on DATE,
  recurs VARCHAR,
  learned VARCHAR,
  added_mid_cycle INTEGER DEFAULT '0' NOT NULL,
  waits INTEGER DEFAULT '0' NOT NULL,
  messages INTEGER DEFAULT '0' NOT NULL,
  due_order DATE GENERATED ALWAYS AS (coalesce(due_on, '9999-12-31')) STORED,
  is_open INTEGER GENERATED ALWAYS AS (CASE WHEN status IN ('backlog','assigned','doing','review') THEN 1 ELSE 0 END) STORED,
  needs INTEGER GENERATED ALWAYS AS (CASE WHEN status IN ('backlog','assigned','doing','review') AND (owner IS NULL OR due_on IS NULL OR blocked_reason IS NOT NULL OR status = 'review') THEN 1 ELSE 0 END) STORED,
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(owner) REFERENCES person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  FOREIGN KEY(channel) REFERENCES channel (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT task_id UNIQUE (id),
  CONSTRAINT number_is_positive CHECK (number > 0),
  CONSTRAINT task_has_a_title CHECK (length(trim(title)) > 0),
  CONSTRAINT status_is_known CHECK (status IN ('backlog','assigned','doing','review','done','cancelled')),
  CONSTRAINT kind_is_known CHECK (kind IN ('ongoing','foundational')),
  CONSTRAINT priority_is_known CHECK (priority IN ('low','normal','high')),
  CONSTRAINT shows_is_known CHECK (shows IS NULL OR shows IN ('us','knowledge','proof','offer')),
  CONSTRAINT assigned_has_an_owner CHECK (status NOT IN ('assigned','doing','review','done') OR (owner IS NOT NULL AND assigned_on IS NOT NULL)),
  CONSTRAINT started_has_a_day CHECK (status NOT IN ('doing','review','done') OR started_on IS NOT NULL),
  CONSTRAINT done_has_a_day CHECK ((status = 'done') = (done_on IS NOT NULL)),
  CONSTRAINT cancelled_says_why CHECK ((status = 'cancelled') = (length(trim(coalesce(cancel_reason,''))) > 0)),
  CONSTRAINT only_cancelled_has_a_cancel_reason CHECK (cancel_reason IS NULL OR status = 'cancelled'),
  CONSTRAINT estimate_is_in_order CHECK (estimate_low_h <= estimate_high_h),
  CONSTRAINT estimate_is_not_negative CHECK (estimate_low_h >= 0 AND estimate_high_h >= 0),
  CONSTRAINT cost_is_not_negative CHECK (cost_minor >= 0),
  CONSTRAINT done_after_it_started CHECK (done_on >= started_on),
  CONSTRAINT only_foundational_work_recurs CHECK (recurs IS NULL OR kind = 'foundational'),
  CONSTRAINT only_assigned_work_is_blocked CHECK (blocked_reason IS NULL OR (length(trim(blocked_reason)) > 0 AND status IN ('assigned','doing','review'))),
  CONSTRAINT added_mid_cycle_is_a_flag CHECK (added_mid_cycle IN (0,1)),
  CONSTRAINT created_on_is_a_day CHECK (date("created_on",'+0 days') IS "created_on" AND "created_on" >= '0001-01-01'),
  CONSTRAINT assigned_on_is_a_day CHECK (date("assigned_on",'+0 days') IS "assigned_on" AND "assigned_on" >= '0001-01-01'),
  CONSTRAINT started_on_is_a_day CHECK (date("started_on",'+0 days') IS "started_on" AND "started_on" >= '0001-01-01'),
  CONSTRAINT review_on_is_a_day CHECK (date("review_on",'+0 days') IS "review_on" AND "review_on" >= '0001-01-01'),
  CONSTRAINT done_on_is_a_day CHECK (date("done_on",'+0 days') IS "done_on" AND "done_on" >= '0001-01-01'),
  CONSTRAINT due_on_is_a_day CHECK (date("due_on",'+0 days') IS "due_on" AND "due_on" >= '0001-01-01'),
  CONSTRAINT publish_on_is_a_day CHECK (date("publish_on",'+0 days') IS "publish_on" AND "publish_on" >= '0001-01-01'),
  CONSTRAINT cancelled_on_is_a_day CHECK (date("cancelled_on",'+0 days') IS "cancelled_on" AND "cancelled_on" >= '0001-01-01'),
  CONSTRAINT blocked_on_is_a_day CHECK (date("blocked_on",'+0 days') IS "blocked_on" AND "blocked_on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT contribution_is_text CHECK (typeof("contribution") IN ('text','null')),
  CONSTRAINT notes_is_text CHECK (typeof("notes") IN ('text','null')),
  CONSTRAINT stage_is_text CHECK (typeof("stage") IN ('text','null')),
  CONSTRAINT medium_is_text CHECK (typeof("medium") IN ('text','null')),
  CONSTRAINT journey_step_is_a_whole_number CHECK (typeof("journey_step") IN ('integer','null')),
  CONSTRAINT goal_question_is_text CHECK (typeof("goal_question") IN ('text','null')),
  CONSTRAINT rank_is_a_whole_number CHECK (typeof("rank") IN ('integer','null')),
  CONSTRAINT estimate_low_h_is_a_number CHECK (typeof("estimate_low_h") IN ('integer','real','null') AND "estimate_low_h" <= 1000000),
  CONSTRAINT estimate_high_h_is_a_number CHECK (typeof("estimate_high_h") IN ('integer','real','null') AND "estimate_high_h" <= 1000000),
  CONSTRAINT cost_minor_is_a_whole_number CHECK (typeof("cost_minor") IN ('integer','null')),
  CONSTRAINT blocked_reason_is_text CHECK (typeof("blocked_reason") IN ('text','null')),
  CONSTRAINT cancel_reason_is_text CHECK (typeof("cancel_reason") IN ('text','null')),
  CONSTRAINT recurs_is_text CHECK (typeof("recurs") IN ('text','null')),
  CONSTRAINT learned_is_text CHECK (typeof("learned") IN ('text','null')),
  CONSTRAINT added_mid_cycle_is_a_whole_number CHECK (typeof("added_mid_cycle") IN ('integer','null')),
  CONSTRAINT waits_is_a_whole_number CHECK (typeof("waits") IN ('integer','null')),
  CONSTRAINT messages_is_a_whole_number CHECK (typeof("messages") IN ('integer','null'))
)
--;;
CREATE INDEX task_blocked ON task (status, due_order, number) WHERE blocked_reason IS NOT NULL
--;;
CREATE INDEX task_board ON task (status, waits, rank, due_order, number)
--;;
CREATE INDEX task_board_due ON task (status, due_order, number)
--;;
CREATE INDEX task_board_key_result ON task (key_result, status, waits, rank, due_order, number)
--;;
CREATE INDEX task_board_owner ON task (owner, status, waits, rank, due_order, number)
--;;
CREATE INDEX task_board_stage ON task (stage, status, waits, rank, due_order, number)
--;;
CREATE INDEX task_done ON task (status, done_on, number)
--;;
CREATE INDEX task_done_key_result ON task (key_result, status, done_on, number)
--;;
CREATE INDEX task_done_owner ON task (owner, status, done_on, number)
--;;
CREATE INDEX task_done_stage ON task (stage, status, done_on, number)
--;;
CREATE INDEX task_due ON task (is_open, due_order, number)
--;;
CREATE INDEX task_due_owner ON task (owner, is_open, due_order, number, estimate_low_h, estimate_high_h)
--;;
CREATE INDEX task_needs ON task (is_open, needs, due_order, number)
--;;
CREATE TABLE comment (
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  task VARCHAR NOT NULL,
  "on" VARCHAR NOT NULL,
  "by" VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  mentions JSON DEFAULT '[]' NOT NULL,
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT number_is_positive CHECK (number > 0),
  CONSTRAINT comment_says_something CHECK (length(trim(body)) > 0),
  CONSTRAINT on_is_text CHECK (typeof("on") IN ('text','null')),
  CONSTRAINT by_is_text CHECK (typeof("by") IN ('text','null')),
  CONSTRAINT body_is_text CHECK (typeof("body") IN ('text','null')),
  CONSTRAINT mentions_is_a_list_or_object CHECK (typeof("mentions") IN ('text','null') AND "mentions" GLOB '[[{]*[]}]')
)
--;;
CREATE INDEX comment_of_task ON comment (task, number)
--;;
CREATE TABLE evidence (
  id VARCHAR NOT NULL,
  strategy VARCHAR NOT NULL,
  field VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  url VARCHAR,
  on_date DATE,
  task VARCHAR,
  PRIMARY KEY (id),
  FOREIGN KEY(strategy) REFERENCES strategy (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT on_date_is_a_day CHECK (date("on_date",'+0 days') IS "on_date" AND "on_date" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT field_is_text CHECK (typeof("field") IN ('text','null')),
  CONSTRAINT text_is_text CHECK (typeof("text") IN ('text','null')),
  CONSTRAINT url_is_text CHECK (typeof("url") IN ('text','null'))
)
--;;
CREATE INDEX evidence_of_task ON evidence (task)
--;;
CREATE TABLE external_link (
  task VARCHAR NOT NULL,
  connector VARCHAR NOT NULL,
  external_id VARCHAR,
  state VARCHAR DEFAULT 'pending' NOT NULL,
  synced_on DATE,
  PRIMARY KEY (task, connector),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(connector) REFERENCES connector (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT state_is_known CHECK (state IN ('pending','synced','changed_here','changed_there','conflict','unmapped_owner','gone')),
  UNIQUE (connector, external_id),
  CONSTRAINT synced_on_is_a_day CHECK (date("synced_on",'+0 days') IS "synced_on" AND "synced_on" >= '0001-01-01'),
  CONSTRAINT external_id_is_text CHECK (typeof("external_id") IN ('text','null'))
)
--;;
CREATE TABLE idea (
  id VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  source VARCHAR,
  "by" VARCHAR,
  "on" DATE NOT NULL,
  outcome VARCHAR,
  task VARCHAR,
  PRIMARY KEY (id),
  CONSTRAINT idea_has_a_title CHECK (length(trim(title)) > 0),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT on_is_a_day CHECK (date("on",'+0 days') IS "on" AND "on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT source_is_text CHECK (typeof("source") IN ('text','null')),
  CONSTRAINT by_is_text CHECK (typeof("by") IN ('text','null')),
  CONSTRAINT outcome_is_text CHECK (typeof("outcome") IN ('text','null'))
)
--;;
CREATE INDEX idea_of_task ON idea (task)
--;;
CREATE TABLE import_item (
  id VARCHAR NOT NULL,
  connector VARCHAR NOT NULL,
  external_id VARCHAR,
  title VARCHAR NOT NULL,
  raw JSON NOT NULL,
  "on" DATE NOT NULL,
  outcome VARCHAR,
  task VARCHAR,
  PRIMARY KEY (id),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE SET NULL ON UPDATE CASCADE,
  UNIQUE (connector, external_id),
  CONSTRAINT on_is_a_day CHECK (date("on",'+0 days') IS "on" AND "on" >= '0001-01-01'),
  CONSTRAINT id_is_text CHECK (typeof("id") IN ('text','null')),
  CONSTRAINT connector_is_text CHECK (typeof("connector") IN ('text','null')),
  CONSTRAINT external_id_is_text CHECK (typeof("external_id") IN ('text','null')),
  CONSTRAINT title_is_text CHECK (typeof("title") IN ('text','null')),
  CONSTRAINT raw_is_a_list_or_object CHECK (typeof("raw") IN ('text','null') AND "raw" GLOB '[[{]*[]}]'),
  CONSTRAINT outcome_is_text CHECK (typeof("outcome") IN ('text','null'))
)
--;;
CREATE INDEX import_item_of_task ON import_item (task)
--;;
CREATE TABLE task_also_serves (
  task VARCHAR NOT NULL,
  key_result VARCHAR NOT NULL,
  position INTEGER DEFAULT '0' NOT NULL,
  PRIMARY KEY (task, key_result),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(key_result) REFERENCES key_result (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT position_is_a_whole_number CHECK (typeof("position") IN ('integer','null'))
)
--;;
CREATE TABLE task_dependency (
  task VARCHAR NOT NULL,
  waits_for VARCHAR NOT NULL,
  PRIMARY KEY (task, waits_for),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  FOREIGN KEY(waits_for) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT no_task_waits_for_itself CHECK (task <> waits_for)
)
--;;
CREATE INDEX task_dependency_waits_for ON task_dependency (waits_for)
--;;
CREATE TABLE task_event (
  task VARCHAR NOT NULL,
  seq INTEGER NOT NULL,
  on_date DATE NOT NULL,
  from_status VARCHAR,
  to_status VARCHAR NOT NULL,
  actor VARCHAR,
  PRIMARY KEY (task, seq),
  FOREIGN KEY(task) REFERENCES task (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT on_date_is_a_day CHECK (date("on_date",'+0 days') IS "on_date" AND "on_date" >= '0001-01-01'),
  CONSTRAINT seq_is_a_whole_number CHECK (typeof("seq") IN ('integer','null')),
  CONSTRAINT from_status_is_text CHECK (typeof("from_status") IN ('text','null')),
  CONSTRAINT to_status_is_text CHECK (typeof("to_status") IN ('text','null')),
  CONSTRAINT actor_is_text CHECK (typeof("actor") IN ('text','null'))
)
--;;
