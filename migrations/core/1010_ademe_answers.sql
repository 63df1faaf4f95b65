-- ADEME's answers as they came: spared questions for a week, evidence of the reports, stand-ins while ADEME is down.
-- Rows are only added; the latest answers, the older ones prove what a report was made of.
CREATE TABLE app.ademe_answers (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset       text NOT NULL,
  territory     text NOT NULL,   -- the codes asked for, joined by commas
  query_sha256  text NOT NULL,   -- of the whole query string
  synthetic     boolean NOT NULL,
  body          bytea NOT NULL,
  body_sha256   text NOT NULL,
  extracted_at  timestamptz NOT NULL
);
CREATE INDEX ademe_answers_latest ON app.ademe_answers (dataset, territory, query_sha256, synthetic, extracted_at DESC);
GRANT SELECT, INSERT ON app.ademe_answers TO lobster_api, lobster_worker;
