-- Nearly every cell is a plain figure: one look tells, and the slow reading of blanks, signs and marks is for the rest.
-- Measured on 100,000 cells: four times quicker, and a load of sales is mostly this.
CREATE OR REPLACE FUNCTION data.est_lisible(brut text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT brut IS NULL OR brut ~ '^[0-9]+([.,][0-9]+)?$'
       OR data.sans_blancs(brut) ~* '^(|s|nd|ns|nc|-?[0-9]+([.,][0-9]+)?(e[+-]?[0-9]{1,2})?)$' $$;

CREATE OR REPLACE FUNCTION data.nombre(brut text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN brut ~ '^[0-9]+([.,][0-9]+)?$' THEN replace(brut, ',', '.')::numeric
               WHEN data.sans_blancs(brut) ~* '^-?[0-9]+([.,][0-9]+)?(e[+-]?[0-9]{1,2})?$'
               THEN replace(data.sans_blancs(brut), ',', '.')::numeric END $$;
