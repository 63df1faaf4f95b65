-- The importer owns the open data; everybody else of ours may only read it. Roles come from migrations/core.
DO $$
DECLARE role text;
BEGIN
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('lobster_api', 'lobster_worker', 'lobster_projector') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA data TO %I', role);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA data TO %I', role);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lobster_importer') THEN
        GRANT USAGE, CREATE ON SCHEMA data TO lobster_importer;
        FOR role IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'data' AND c.relkind IN ('r', 'p', 'v') LOOP
            EXECUTE 'ALTER TABLE ' || role || ' OWNER TO lobster_importer';
        END LOOP;
    END IF;
END $$;
