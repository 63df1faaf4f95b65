-- The importer owns the open data; everybody else of ours may only read it. Roles come from migrations/core.
GRANT USAGE ON SCHEMA data TO lobster_api, lobster_worker, lobster_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA data TO lobster_api, lobster_worker, lobster_projector;
GRANT USAGE, CREATE ON SCHEMA data TO lobster_importer;
DO $$
DECLARE relation regclass;
BEGIN
    FOR relation IN SELECT c.oid::regclass FROM pg_class c
                    WHERE c.relnamespace = 'data'::regnamespace AND c.relkind IN ('r', 'p', 'v') LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO lobster_importer', relation);
    END LOOP;
END $$;
