WITH cells AS (
    SELECT s.codgeo AS code, 2000 + m[2]::int AS annee, m[1] AS figure, c.value
    FROM {staging} s
    CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) AS c (key, value)
    CROSS JOIN LATERAL regexp_match(c.key, '^(?:ff_)?pp_(total|vacant|vacant_plus_2ans)_(\d\d)$') AS m
    WHERE m IS NOT NULL
)
