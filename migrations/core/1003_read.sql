-- Read models: disposable, rebuilt from the log at any time.
CREATE SCHEMA read;

CREATE TABLE read.order_summary (
  order_id       uuid PRIMARY KEY,
  status         text NOT NULL,   -- pending paid held delivered failed expired
  study          text NOT NULL,
  commune        text NOT NULL,
  recipient      text NOT NULL,
  ht_cents       bigint NOT NULL,
  vat_cents      bigint NOT NULL,
  ttc_cents      bigint NOT NULL,
  vat_rate_bp    int NOT NULL,
  currency       text NOT NULL,
  session        text,
  payment_url    text,
  attempt        int NOT NULL DEFAULT 0,
  report_id      uuid,
  report_version int,
  link_number    int NOT NULL DEFAULT 0,
  mail_message   text,
  mail_state     text,            -- sent, bounced
  placed_at      timestamptz NOT NULL,
  paid_at        timestamptz,
  delivered_at   timestamptz,
  position       bigint NOT NULL  -- of the last event that touched the row
);
CREATE INDEX order_summary_session ON read.order_summary (session);
CREATE INDEX order_summary_mail ON read.order_summary (mail_message);

CREATE TABLE read.order_timeline (
  position   bigint PRIMARY KEY,
  order_id   uuid NOT NULL,
  event_id   uuid NOT NULL,
  event_type text NOT NULL,
  actor      text NOT NULL,
  caused_by  text,
  at         timestamptz NOT NULL,
  detail     jsonb NOT NULL
);
CREATE INDEX order_timeline_order ON read.order_timeline (order_id, position);

CREATE TABLE read.report_status (
  report_id     uuid PRIMARY KEY,
  order_id      uuid NOT NULL,
  version       int NOT NULL,
  study         text NOT NULL,
  commune       text NOT NULL,
  requested_at  timestamptz NOT NULL,
  collected_at  timestamptz,
  received_at   timestamptz,
  accepted_at   timestamptz,
  rendered_at   timestamptz,
  stored_at     timestamptz,
  failed_at     timestamptz,
  failed_step   text,
  attempts      int NOT NULL DEFAULT 0,  -- failed attempts so far
  facts         int,
  specimen      boolean,
  blocks_model  int,
  blocks_rules  int,
  cost_micro_usd bigint NOT NULL DEFAULT 0,
  pages         int,
  bytes         bigint,
  sha256        text,
  storage_key   text,
  filename      text,
  position      bigint NOT NULL
);
CREATE INDEX report_status_order ON read.report_status (order_id, version);

CREATE TABLE read.catalogue (
  study     text PRIMARY KEY,
  placed    bigint NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0
);
-- From payment to delivery, one row per order: the screens show the median of the last fifty delivered.
CREATE TABLE read.catalogue_duration (
  order_id     uuid PRIMARY KEY,
  study        text NOT NULL,
  paid_at      timestamptz,
  delivered_at timestamptz
);
CREATE INDEX catalogue_duration_study ON read.catalogue_duration (study, delivered_at DESC);

GRANT USAGE ON SCHEMA read TO lobster_api, lobster_worker, lobster_projector, lobster_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA read TO lobster_api, lobster_worker, lobster_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA read TO lobster_projector;
ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT ON TABLES TO lobster_api, lobster_worker, lobster_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO lobster_projector;
