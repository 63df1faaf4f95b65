-- The truth: append-only events, their order, and what readers and projectors need beside them.
-- Roles carry the rule "the API cannot rewrite history"; a role that exists already (same cluster) is kept.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['lobster_api', 'lobster_worker', 'lobster_projector', 'lobster_importer', 'lobster_auditor'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', name);
  END LOOP;
END $$;

CREATE SCHEMA es;

CREATE TABLE es.events (
  aggregate_type text NOT NULL,
  aggregate_id   text NOT NULL,
  sequence       bigint NOT NULL CHECK (sequence > 0),
  event_type     text NOT NULL,
  event_version  text NOT NULL,
  payload        jsonb NOT NULL,
  metadata       jsonb NOT NULL,
  insert_pos     bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),     -- order hint; may have gaps
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),        -- diagnostics, never a cursor
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  event_id       uuid NOT NULL GENERATED ALWAYS AS
    (md5(aggregate_type || chr(31) || aggregate_id || chr(31) || sequence::text)::uuid) STORED,
  correlation_id text GENERATED ALWAYS AS (metadata ->> 'correlation_id') STORED,
  causation_id   text GENERATED ALWAYS AS (metadata ->> 'causation_id') STORED,
  CONSTRAINT events_pkey PRIMARY KEY (aggregate_type, aggregate_id, sequence)
);
CREATE UNIQUE INDEX events_insert_pos ON es.events (insert_pos);
CREATE INDEX events_correlation ON es.events (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE UNIQUE INDEX events_event_id ON es.events (event_id);

-- Committed and not yet in order. Vacuumed eagerly: it is a queue.
CREATE TABLE es.unsealed (insert_pos bigint PRIMARY KEY)
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE FUNCTION es.queue_for_sealing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = es, pg_temp AS $$
BEGIN
  INSERT INTO es.unsealed (insert_pos) SELECT insert_pos FROM inserted;
  RETURN NULL;
END $$;
CREATE TRIGGER events_queue AFTER INSERT ON es.events
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION es.queue_for_sealing();

CREATE FUNCTION es.refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'es.% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING HINT = 'Record what happened as a new event.', ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.events
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();

-- The one order: gapless positions, with the leaf hash of each event.
CREATE TABLE es.event_order (
  position   bigint PRIMARY KEY,
  insert_pos bigint NOT NULL UNIQUE,
  leaf       bytea NOT NULL CHECK (octet_length(leaf) = 32)
);
CREATE TABLE es.seal (
  seal_no        bigint PRIMARY KEY,
  first_pos      bigint NOT NULL,
  last_pos       bigint NOT NULL,
  min_insert_pos bigint NOT NULL,  -- range hint for readers
  max_insert_pos bigint NOT NULL,
  merkle_root    bytea NOT NULL,
  prev_hash      bytea NOT NULL,
  hash           bytea NOT NULL,
  signature      bytea,
  sealed_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX seal_last_pos ON es.seal (last_pos);

CREATE TABLE es.command_log (
  command_id     text CONSTRAINT command_log_pkey PRIMARY KEY,
  aggregate_type text NOT NULL,
  aggregate_id   text NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence  bigint NOT NULL,
  xid            xid8 NOT NULL DEFAULT pg_current_xact_id()
);

-- The order and the answers given are as final as the events themselves.
CREATE TRIGGER event_order_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.event_order
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();
CREATE TRIGGER command_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.command_log
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();
CREATE TRIGGER seal_append_only BEFORE DELETE OR TRUNCATE ON es.seal
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_rewrite();

-- How far each reader of the log has come, and who may move it. The sealer has a row too: its position is the head.
CREATE TABLE es.checkpoint (
  projector   text NOT NULL,
  version     int NOT NULL,
  shard       int NOT NULL,
  position    bigint NOT NULL DEFAULT 0,
  status      text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'paused')),
  owner       text,
  lease_until timestamptz,
  fence       bigint NOT NULL DEFAULT 0,
  last_error  text,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projector, version, shard)
);

-- Leases. The fence tells holders apart: whoever takes the lease raises it, and a former holder can no longer advance,
-- however late it wakes up. The time to live only decides when somebody else may try.
CREATE FUNCTION es.take_lease(the_projector text, the_version int, the_shard int, the_owner text)
RETURNS SETOF es.checkpoint LANGUAGE sql AS $$
  INSERT INTO es.checkpoint AS held (projector, version, shard, owner, lease_until, fence)
  VALUES (the_projector, the_version, the_shard, the_owner, clock_timestamp() + interval '15 seconds', 1)
  ON CONFLICT (projector, version, shard) DO UPDATE
    SET owner = excluded.owner, lease_until = excluded.lease_until, fence = held.fence + 1, updated_at = clock_timestamp()
    WHERE held.status = 'running' AND (held.lease_until IS NULL OR held.lease_until < clock_timestamp())
  RETURNING held.*
$$;

-- Moves the checkpoint and renews the lease; false when the lease is somebody else's by now. Moving to where it stands
-- only renews.
CREATE FUNCTION es.advance(the_projector text, the_version int, the_shard int, the_fence bigint, here bigint, there bigint)
RETURNS boolean LANGUAGE sql AS $$
  WITH moved AS (
    UPDATE es.checkpoint
    SET position = there, lease_until = clock_timestamp() + interval '15 seconds', updated_at = clock_timestamp(),
        last_error = CASE WHEN there = here THEN last_error END
    WHERE projector = the_projector AND version = the_version AND shard = the_shard
      AND fence = the_fence AND position = here AND status = 'running'
    RETURNING 1)
  SELECT EXISTS (SELECT FROM moved)
$$;

CREATE FUNCTION es.release_lease(the_projector text, the_version int, the_shard int, the_fence bigint)
RETURNS void LANGUAGE sql AS $$
  UPDATE es.checkpoint SET owner = NULL, lease_until = NULL, updated_at = clock_timestamp()
  WHERE projector = the_projector AND version = the_version AND shard = the_shard AND fence = the_fence
$$;

-- What a projector could not apply after several tries: it went on without, and a person looks.
CREATE TABLE es.dead_letter (
  projector   text NOT NULL,
  version     int NOT NULL,
  position    bigint NOT NULL,
  attempts    int NOT NULL,
  error       text NOT NULL,
  parked_at   timestamptz NOT NULL,
  resolved_at timestamptz,
  PRIMARY KEY (projector, version, position)
);
CREATE TABLE es.snapshots (
  aggregate_type text NOT NULL,
  aggregate_id   text NOT NULL,
  last_sequence  bigint NOT NULL,
  state          jsonb NOT NULL,
  state_version  text NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id, last_sequence)
);

GRANT USAGE ON SCHEMA es TO lobster_api, lobster_worker, lobster_projector, lobster_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA es TO lobster_api, lobster_worker, lobster_projector, lobster_auditor;
GRANT INSERT ON es.events, es.command_log TO lobster_api, lobster_worker;
GRANT INSERT, DELETE ON es.unsealed TO lobster_projector;
GRANT INSERT ON es.event_order, es.seal TO lobster_projector;
GRANT UPDATE (signature) ON es.seal TO lobster_projector;
GRANT INSERT, UPDATE, DELETE ON es.checkpoint, es.dead_letter, es.snapshots TO lobster_projector;
