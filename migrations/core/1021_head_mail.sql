-- When the owner was told of a signed head: once a day, so most heads stay without.
ALTER TABLE es.signed_head ADD COLUMN mailed_at timestamptz;
GRANT UPDATE (mailed_at) ON es.signed_head TO lobster_projector;
