-- What the staff wrote about an order; the log holds the id and the digest of each text.
CREATE TABLE app.notes (
  note       uuid PRIMARY KEY,
  order_id   uuid NOT NULL,
  text       text NOT NULL,
  author     text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notes_order ON app.notes (order_id);
GRANT SELECT, INSERT ON app.notes TO lobster_api, lobster_worker;
