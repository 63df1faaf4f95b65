WITH cellules AS (
    SELECT $2::jsonb ->> 'partie' AS scenario, s.code AS departement, coalesce(s.sexe, 'T') AS sexe,
           coalesce(s.age, '0+') AS age, right(c.key, 4)::int AS annee, data.nombre(c.value) AS population
    FROM {staging} s
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS c (key, value)
    WHERE c.key ~ '^pop_20[0-9]{2}$'
)
