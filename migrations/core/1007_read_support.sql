-- What a person has to look at, from the event that opened it to the one that closed it.
CREATE TABLE read.support_case (
  case_id         uuid PRIMARY KEY,
  order_id        uuid,                       -- none: money that names no order of ours
  kind            text NOT NULL,              -- payment_held order_failed refund_failed dispute mail_bounced mail_failed
                                              -- mail_complained reconciliation
  about           text NOT NULL,              -- the payment, dispute, mail or session
  detail          jsonb NOT NULL,
  owed_cents      bigint NOT NULL,            -- closed by itself when as much went back; 0: never
  returned_cents  bigint NOT NULL,
  opened_at       timestamptz NOT NULL,
  opened_position bigint NOT NULL,
  closed_at       timestamptz,
  closed_by       text,                       -- the event that closed it
  closed_position bigint
);
CREATE INDEX support_case_order ON read.support_case (order_id);
CREATE INDEX support_case_open ON read.support_case (opened_position) WHERE closed_at IS NULL;
-- What each order was paid with: a failed order is settled when it all went back.
CREATE TABLE read.support_case_payment (
  order_id       uuid PRIMARY KEY,
  payment        text NOT NULL,
  paid_cents     bigint NOT NULL,
  refunded_cents bigint NOT NULL
);

-- The vendor's books against ours: one row per run, one per difference.
CREATE TABLE read.reconciliation (
  run_id      uuid PRIMARY KEY,
  from_at     timestamptz NOT NULL,
  to_at       timestamptz NOT NULL,
  sessions    bigint NOT NULL,
  differences bigint NOT NULL,
  repaired    bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  position    bigint NOT NULL
);
CREATE INDEX reconciliation_position ON read.reconciliation (position);
CREATE TABLE read.reconciliation_difference (
  run_id   uuid NOT NULL,
  n        int NOT NULL,                      -- from 1, in the order of the run
  kind     text NOT NULL,
  session  text NOT NULL,
  order_id uuid,
  repaired boolean NOT NULL,
  PRIMARY KEY (run_id, n)
);
