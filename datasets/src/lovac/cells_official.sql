WITH cells AS (
    SELECT s.codgeo AS code, 2000 + f.yy AS annee, f.figure, data.nombre(f.value) AS n, data.statut(f.value) AS statut
    FROM {staging} s
    CROSS JOIN LATERAL (
        SELECT right(c.key, 2)::int AS yy, replace(replace(left(c.key, -3), 'ff_', ''), 'pp_', '') AS figure, c.value
        FROM jsonb_each_text(to_jsonb(s) - 'ligne' - 'codgeo') AS c (key, value)
    ) f
)
