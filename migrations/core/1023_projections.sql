-- Read models that are rebuilt beside the living ones, work that processes share, and events that could not be applied.

-- stopped: an event cannot be applied and its projector goes no further without it.
ALTER TABLE es.checkpoint DROP CONSTRAINT checkpoint_status_check;
ALTER TABLE es.checkpoint ADD CONSTRAINT checkpoint_status_check CHECK (status IN ('running', 'paused', 'stopped'));

-- stream: the order that the event is about; what comes later in it waits behind the first.
ALTER TABLE es.dead_letter
  ADD COLUMN stream  text,
  ADD COLUMN outcome text CHECK (outcome IN ('applied', 'discarded', 'rebuilt'));
UPDATE es.dead_letter d SET stream = e.correlation_id
FROM es.event_order o JOIN es.events e USING (insert_pos) WHERE o.position = d.position;
CREATE INDEX dead_letter_open ON es.dead_letter (projector, version, position) WHERE resolved_at IS NULL;

-- Which processes follow the log: they share the shards of a projector evenly.
CREATE TABLE es.node (
  node_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  process int NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON es.node TO lobster_api, lobster_worker, lobster_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON es.node TO lobster_projector;

-- A rebuild under way: whoever raised the fence last owns the shadow tables.
CREATE TABLE es.rebuild (
  projector   text PRIMARY KEY,
  version     int NOT NULL,
  position    bigint NOT NULL,
  fence       bigint NOT NULL,
  lease_until timestamptz,
  started_at  timestamptz NOT NULL
);
-- What was replaced by the last rebuild, and how far each of its shards had come: kept for a way back.
CREATE TABLE es.replaced (
  projector   text PRIMARY KEY,
  version     int NOT NULL,
  positions   bigint[] NOT NULL,
  replaced_at timestamptz NOT NULL
);
GRANT SELECT ON es.rebuild, es.replaced TO lobster_api, lobster_worker, lobster_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON es.rebuild, es.replaced TO lobster_projector;

-- read_next: shadow tables being filled. read_last: what they replaced.
CREATE SCHEMA read_next;
CREATE SCHEMA read_last;
GRANT USAGE ON SCHEMA read_next, read_last TO lobster_projector, lobster_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA read_next GRANT SELECT ON TABLES TO lobster_api, lobster_worker, lobster_auditor;
ALTER DEFAULT PRIVILEGES IN SCHEMA read_next GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO lobster_projector;

-- Empty copies of tables of `read`, with the same keys, indexes and names.
CREATE FUNCTION es.open_shadow(tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
  part record;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('DROP TABLE IF EXISTS read_next.%I', name);
    EXECUTE format('CREATE TABLE read_next.%1$I (LIKE read.%1$I INCLUDING ALL EXCLUDING INDEXES)', name);
    FOR part IN
      SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) AS rule, pg_get_indexdef(i.indexrelid) AS index
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
      WHERE i.indrelid = format('read.%I', name)::regclass
    LOOP
      IF part.conname IS NOT NULL THEN
        EXECUTE format('ALTER TABLE read_next.%I ADD CONSTRAINT %I %s', name, part.conname, part.rule);
      ELSE
        EXECUTE replace(part.index, format(' ON read.%I ', name), format(' ON read_next.%I ', name));
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- The shadow tables take the place of the living ones, which are kept until the next time.
CREATE FUNCTION es.swap_shadow(tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('DROP TABLE IF EXISTS read_last.%I', name);
    EXECUTE format('ALTER TABLE read.%I SET SCHEMA read_last', name);
    EXECUTE format('ALTER TABLE read_next.%I SET SCHEMA read', name);
  END LOOP;
END $$;

-- The kept tables and the living ones change places. Refused when a migration has changed the columns since.
CREATE FUNCTION es.swap_back(tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text;
  columns text[];
BEGIN
  FOREACH name IN ARRAY tables LOOP
    SELECT array_agg(shape) INTO columns FROM (
      SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum) AS shape FROM pg_attribute
      WHERE attrelid IN (format('read.%I', name)::regclass, format('read_last.%I', name)::regclass)
        AND attnum > 0 AND NOT attisdropped GROUP BY attrelid) AS shapes;
    IF columns[1] IS DISTINCT FROM columns[2] THEN
      RAISE EXCEPTION 'the kept rows of % have other columns than this version reads', name
        USING HINT = 'Rebuild the read model from the log instead.';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS read_next.%I', name);
    EXECUTE format('ALTER TABLE read.%I SET SCHEMA read_next', name);
    EXECUTE format('ALTER TABLE read_last.%I SET SCHEMA read', name);
    EXECUTE format('ALTER TABLE read_next.%I SET SCHEMA read_last', name);
  END LOOP;
END $$;

CREATE FUNCTION es.drop_shadow(tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('DROP TABLE IF EXISTS read_next.%I', name);
  END LOOP;
END $$;

-- Living rows against shadow rows: how many, a sum that is the same for the same rows, and which have no equal.
CREATE FUNCTION es.compare_shadow(tables text[])
RETURNS TABLE (name text, live_rows bigint, new_rows bigint, live_sum bigint, new_sum bigint, only_live bigint, only_new bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('SELECT count(*), coalesce(bit_xor(hashtextextended(t::text, 0)), 0) FROM read.%I t', name)
      INTO live_rows, live_sum;
    EXECUTE format('SELECT count(*), coalesce(bit_xor(hashtextextended(t::text, 0)), 0) FROM read_next.%I t', name)
      INTO new_rows, new_sum;
    EXECUTE format('SELECT count(*) FROM (SELECT * FROM read.%1$I EXCEPT SELECT * FROM read_next.%1$I) t', name)
      INTO only_live;
    EXECUTE format('SELECT count(*) FROM (SELECT * FROM read_next.%1$I EXCEPT SELECT * FROM read.%1$I) t', name)
      INTO only_new;
    RETURN NEXT;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION es.open_shadow, es.swap_shadow, es.swap_back, es.drop_shadow, es.compare_shadow FROM PUBLIC;
GRANT EXECUTE ON FUNCTION es.open_shadow, es.swap_shadow, es.swap_back, es.drop_shadow, es.compare_shadow TO lobster_projector;
