-- The queue as its operators see it. Its tables belong to the library and are closed to our roles; these are the doors.
CREATE FUNCTION app.list_jobs() RETURNS TABLE (
  job_id bigint, queue text, payload jsonb, state text, attempts int, max_attempts int, run_at timestamptz,
  created_at timestamptz, last_error text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT j.id, q.queue_name, j.payload::jsonb,
           CASE WHEN j.locked_at IS NOT NULL THEN 'running'
                WHEN j.attempts >= j.max_attempts THEN 'dead'
                WHEN j.attempts > 0 THEN 'failing'
                WHEN j.run_at > now() THEN 'later' ELSE 'due' END,
           j.attempts::int, j.max_attempts::int, j.run_at, j.created_at, j.last_error
    FROM graphile_worker._private_jobs j LEFT JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id
    ORDER BY j.run_at, j.id;
END $$;

-- A dead or waiting job is due again at once, with as many attempts as in the beginning; false when it runs, or is gone.
CREATE FUNCTION app.retry_job(the_job bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE graphile_worker._private_jobs j SET run_at = now(), attempts = 0, updated_at = now()
  WHERE j.id = the_job AND j.locked_at IS NULL;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION app.list_jobs, app.retry_job FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.list_jobs, app.retry_job TO lobster_worker;
