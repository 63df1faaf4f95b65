-- The door to the job queue. Its tables belong to the library, in a schema of its own, and are closed to our roles by row
-- level security; this is the one thing a projector may do there, inside the transaction of its checkpoint.
CREATE FUNCTION app.enqueue_job(
  task text, payload jsonb, queue text, job_key text, max_attempts int, run_after interval
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (graphile_worker.add_job(
    identifier => task, payload => payload::json, queue_name => queue, run_at => now() + run_after,
    max_attempts => max_attempts, job_key => job_key)).id;
END $$;
REVOKE ALL ON FUNCTION app.enqueue_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.enqueue_job TO lobster_projector, lobster_worker;
