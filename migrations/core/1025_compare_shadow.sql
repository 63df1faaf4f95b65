-- Living rows against shadow rows: how many, and a sum that is the same for the same rows. Which rows have no equal is
-- looked up when they are asked for, or when counts or sums differ: that takes several times as long.
DROP FUNCTION es.compare_shadow(text[]);
CREATE FUNCTION es.compare_shadow(tables text[], row_by_row boolean)
RETURNS TABLE (name text, live_rows bigint, new_rows bigint, live_sum bigint, new_sum bigint, only_live bigint, only_new bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('SELECT count(*), coalesce(bit_xor(hash_record_extended(t, 0)), 0) FROM read.%I t', name)
      INTO live_rows, live_sum;
    EXECUTE format('SELECT count(*), coalesce(bit_xor(hash_record_extended(t, 0)), 0) FROM read_next.%I t', name)
      INTO new_rows, new_sum;
    only_live := 0;
    only_new := 0;
    IF row_by_row OR (live_rows, live_sum) <> (new_rows, new_sum) THEN
      EXECUTE format('SELECT count(*) FROM (SELECT * FROM read.%1$I EXCEPT SELECT * FROM read_next.%1$I) t', name)
        INTO only_live;
      EXECUTE format('SELECT count(*) FROM (SELECT * FROM read_next.%1$I EXCEPT SELECT * FROM read.%1$I) t', name)
        INTO only_new;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION es.compare_shadow FROM PUBLIC;
GRANT EXECUTE ON FUNCTION es.compare_shadow TO lobster_projector;
