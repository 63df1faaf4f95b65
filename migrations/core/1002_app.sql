-- Personal data and the shop's own tables: the only rows that may be erased.
CREATE SCHEMA app;

CREATE TABLE app.prices (
  study       text NOT NULL,
  ht_cents    bigint NOT NULL CHECK (ht_cents > 0),
  vat_rate_bp int NOT NULL CHECK (vat_rate_bp BETWEEN 0 AND 10000),
  currency    text NOT NULL DEFAULT 'EUR',
  valid_from  date NOT NULL,
  PRIMARY KEY (study, valid_from)
);
INSERT INTO app.prices (study, ht_cents, vat_rate_bp, valid_from) VALUES
  ('TER-01',  7900, 2000, '2026-01-01'), ('LOG-01', 29000, 2000, '2026-01-01'), ('DEM-01', 12000, 2000, '2026-01-01'),
  ('IMM-01', 19000, 2000, '2026-01-01'), ('EQU-01', 12000, 2000, '2026-01-01'), ('SAN-01', 15000, 2000, '2026-01-01'),
  ('SOC-01', 15000, 2000, '2026-01-01'), ('ENE-01', 12000, 2000, '2026-01-01');

CREATE TABLE app.contacts (
  order_id uuid PRIMARY KEY,
  customer uuid NOT NULL,
  email    text NOT NULL,
  kept_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX contacts_customer ON app.contacts (customer);
CREATE TABLE app.consents (
  id           uuid PRIMARY KEY,
  order_id     uuid NOT NULL,
  kind         text NOT NULL,
  text_version text NOT NULL,
  given_at     timestamptz NOT NULL,
  ip_sha256    text
);
CREATE INDEX consents_order ON app.consents (order_id);

-- Tokens are stored hashed; the token itself is derived when it is needed.
CREATE TABLE app.links (
  token_sha256 text PRIMARY KEY,
  order_id     uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('follow', 'download')),
  number       int NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  UNIQUE (order_id, kind, number)
);

-- Messages of vendors, by their own id, for ever; bodies are emptied after 90 days.
CREATE TABLE app.inbox (
  source      text NOT NULL,
  message_id  text NOT NULL,
  kind        text NOT NULL,
  order_id    uuid,
  outcome     text NOT NULL,   -- 'handled', or why no command followed
  body        bytea,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT inbox_pkey PRIMARY KEY (source, message_id)
);
CREATE INDEX inbox_received ON app.inbox (received_at);

GRANT USAGE ON SCHEMA app TO lobster_api, lobster_worker, lobster_projector;
GRANT SELECT ON app.prices TO lobster_api, lobster_worker;
GRANT SELECT, INSERT ON app.contacts, app.consents, app.inbox TO lobster_api, lobster_worker;
GRANT SELECT, INSERT, UPDATE ON app.links TO lobster_api, lobster_worker;
