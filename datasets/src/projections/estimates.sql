-- « Homme_2039ans » is men from 20 to 39; « 75ansetplus » and « Total » have no upper bound.
WITH cellules AS (
    SELECT s.dep, data.nombre(c.value)::int AS population,
           regexp_match(c.key, '^(ensemble|homme|femme)_(?:(\d{1,2})(\d{2})ans|(\d+)ansetplus|total)$') AS m
    FROM {staging} s CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS c (key, value)
)
INSERT INTO {partition} (code_dept, annee, sexe, age_min, age_max, population, source_id)
SELECT data.code_departement(dep), ($2::jsonb ->> 'millesime')::int,
       CASE m[1] WHEN 'homme' THEN 'H' WHEN 'femme' THEN 'F' ELSE 'T' END,
       coalesce(m[2], m[4], '0')::int, coalesce(m[3]::int, 120), population, $1
FROM cellules WHERE m IS NOT NULL
