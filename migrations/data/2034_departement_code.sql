-- A département's code whose zero a spreadsheet ate.
CREATE FUNCTION data.code_departement(brut text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN brut ~ '^[1-9]$' THEN '0' || brut ELSE upper(brut) END $$;
