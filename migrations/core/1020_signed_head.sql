-- Heads of the chain under our signature: what they cover can no longer be rewritten without their copies telling.
CREATE TABLE es.signed_head (
  position   bigint PRIMARY KEY,
  seal_no    bigint NOT NULL UNIQUE,
  hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
  signed_at  timestamptz NOT NULL,
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  signature  bytea NOT NULL CHECK (octet_length(signature) = 64),
  copied_at  timestamptz  -- when object storage had it
);
CREATE TRIGGER signed_head_append_only BEFORE DELETE OR TRUNCATE ON es.signed_head
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();
CREATE TRIGGER signed_head_final BEFORE UPDATE OF position, seal_no, hash, signed_at, public_key, signature ON es.signed_head
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();

GRANT SELECT ON es.signed_head TO lobster_api, lobster_worker, lobster_projector, lobster_auditor;
GRANT INSERT, UPDATE (copied_at) ON es.signed_head TO lobster_projector;

-- Signatures have a table of their own, so a seal never changes at all.
ALTER TABLE es.seal DROP COLUMN signature;
DROP TRIGGER seal_append_only ON es.seal;
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.seal
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();
