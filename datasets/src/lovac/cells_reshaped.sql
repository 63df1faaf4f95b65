WITH cells AS (
    SELECT s.codgeo AS code, s.annee::int AS annee, replace(c.key, 'pp_', '') AS figure, c.value
    FROM {staging} s
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS c (key, value)
    WHERE c.key IN ('pp_total', 'pp_vacant', 'pp_vacant_plus_2ans')
)
