-- A later step goes first: under load the oldest orders are finished before new ones are begun, instead of all at the end.
DROP FUNCTION app.enqueue_job(text, jsonb, text, text, int, interval);
CREATE FUNCTION app.enqueue_job(
  task text, payload jsonb, queue text, job_key text, max_attempts int, run_after interval, urgency int
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (graphile_worker.add_job(
    identifier => task, payload => payload::json, queue_name => queue, run_at => now() + run_after,
    max_attempts => max_attempts, job_key => job_key, priority => -urgency)).id;
END $$;
REVOKE ALL ON FUNCTION app.enqueue_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.enqueue_job TO lobster_projector, lobster_worker;
