-- The years that a vintage names: `2024`, or `2014-2017` for a file of several. NULL for editions told otherwise.
CREATE FUNCTION data.annees(millesime text) RETURNS int4range LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN millesime ~ '^[0-9]{4}$' THEN int4range(millesime::int, millesime::int, '[]')
               WHEN millesime ~ '^[0-9]{4}-[0-9]{4}$' AND left(millesime, 4) <= right(millesime, 4)
               THEN int4range(left(millesime, 4)::int, right(millesime, 4)::int, '[]') END $$;
