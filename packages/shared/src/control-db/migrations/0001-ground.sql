-- The control database: who may do what, what was asked, what came of it, and where the bytes are.
-- Files and NATS messages are derived from here or from the models' own ledgers; these tables are the arbiter.

CREATE TABLE goal_model (
  id               uuid PRIMARY KEY,
  name             text NOT NULL UNIQUE,
  description      text,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  current_version  integer NOT NULL DEFAULT 0,
  archived_version integer NOT NULL DEFAULT 0,
  -- Sequence in the stream of the last intent with a final outcome. Moves only with the compare-and-set.
  position         bigint NOT NULL DEFAULT 0,
  notify_seq       bigint NOT NULL DEFAULT 0,
  -- The lease: whoever raised the epoch last and has not expired holds the model.
  lease_epoch      bigint NOT NULL DEFAULT 0,
  lease_holder     text,
  lease_expires_at timestamptz,
  manager_url      text,
  reader_url       text
);

CREATE TABLE model_version (
  model_id        uuid NOT NULL REFERENCES goal_model,
  version         integer NOT NULL CHECK (version > 0),
  parent          integer,
  created_at      timestamptz NOT NULL,
  intents         uuid[] NOT NULL,
  bytes           bigint NOT NULL,
  new_bytes       bigint NOT NULL,
  hash            text NOT NULL,
  sha256          text,
  storage_version text NOT NULL,
  engine_version  text NOT NULL,
  lease_epoch     bigint NOT NULL,
  -- Relative to the deployment's version folder.
  file            text NOT NULL,
  manifest_file   text NOT NULL,
  archived_at     timestamptz,
  PRIMARY KEY (model_id, version)
);

CREATE TABLE content_index (
  model_id         uuid NOT NULL,
  version          integer NOT NULL,
  table_name       text NOT NULL,
  rows             bigint NOT NULL,
  rows_delta       bigint NOT NULL,
  columns          jsonb NOT NULL,
  schema_hash      text NOT NULL,
  content_hash     text NOT NULL,
  changed          boolean NOT NULL,
  written_by       uuid,
  written_version  integer NOT NULL,
  derived_from     text[] NOT NULL DEFAULT '{}',
  -- The Parquet file in the object store; null until the archiver got there.
  archive_key      text,
  archive_bytes    bigint,
  archive_sha256   text,
  PRIMARY KEY (model_id, version, table_name),
  FOREIGN KEY (model_id, version) REFERENCES model_version
);

CREATE TABLE intent (
  id               uuid PRIMARY KEY,
  model_id         uuid NOT NULL REFERENCES goal_model,
  function         text NOT NULL,
  args             jsonb NOT NULL,
  -- SHA-256 over model, function, arguments and base version: same id with another content is a conflict.
  content_hash     text NOT NULL,
  base_version     integer,
  status           text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'applied', 'failed', 'cancelled')),
  submitted_by     text NOT NULL,
  submitted_at     timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  attempts         integer NOT NULL DEFAULT 0,
  version          integer,
  progress         double precision,
  changes          jsonb,
  result           jsonb,
  error            jsonb,
  cancel_requested_at timestamptz,
  notebook_id      uuid,
  retry_of         uuid,
  traceparent      text,
  stream_sequence  bigint
);
CREATE INDEX intent_by_model ON intent (model_id, submitted_at DESC, id DESC);
CREATE INDEX intent_by_time ON intent (submitted_at DESC, id DESC);
CREATE INDEX intent_open ON intent (model_id, stream_sequence) WHERE status IN ('queued', 'running');

-- Intents that are recorded and perhaps not yet in the stream. A row leaves when the publish was acknowledged.
CREATE TABLE intent_outbox (
  ordinal    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  intent_id  uuid NOT NULL UNIQUE REFERENCES intent,
  model_id   uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE job_event (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  intent_id uuid NOT NULL REFERENCES intent,
  at        timestamptz NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('state', 'progress', 'step', 'log')),
  data      jsonb NOT NULL
);
CREATE INDEX job_event_by_intent ON job_event (intent_id, id);

CREATE TABLE notification (
  id           uuid PRIMARY KEY,
  model_id     uuid NOT NULL REFERENCES goal_model,
  seq          bigint NOT NULL,
  job_id       uuid NOT NULL REFERENCES intent,
  version      integer,
  kind         text NOT NULL,
  title        text NOT NULL,
  summary      text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- Null until the relay handed it to NATS: this column is the outbox.
  published_at timestamptz,
  UNIQUE (model_id, seq)
);
CREATE INDEX notification_by_time ON notification (created_at DESC, id DESC);
CREATE INDEX notification_unpublished ON notification (model_id, seq) WHERE published_at IS NULL;

CREATE TABLE notification_read (
  notification_id uuid NOT NULL REFERENCES notification ON DELETE CASCADE,
  reader          text NOT NULL,
  read_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (notification_id, reader)
);

CREATE TABLE upload (
  id         uuid PRIMARY KEY,
  model_id   uuid NOT NULL REFERENCES goal_model,
  filename   text NOT NULL,
  format     text NOT NULL,
  bytes      bigint NOT NULL,
  sha256     text NOT NULL,
  object_key text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE notebook (
  id         uuid PRIMARY KEY,
  title      text NOT NULL,
  model      text,
  body       text NOT NULL,
  revision   integer NOT NULL DEFAULT 1,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notebook_by_time ON notebook (updated_at DESC, id DESC);

CREATE TABLE session (
  -- SHA-256 of the cookie's value: a leaked table opens no session.
  token_hash text PRIMARY KEY,
  account    text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE audit (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT now(),
  account  text NOT NULL,
  action   text NOT NULL,
  model_id uuid,
  target   text,
  details  jsonb NOT NULL DEFAULT '{}'
);
