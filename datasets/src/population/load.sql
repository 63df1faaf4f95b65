-- Every row is in the geography of its own year; nearly every commune is made of one, and is copied as it is. Years
-- before the first known passage may lack communes that joined others then, so they are marked as estimated, like
-- territories that were divided since.
WITH connues AS (SELECT min(p.annee_de) AS depuis FROM data.commune_passage p WHERE p.annee_de > 0),
lignes AS (
    SELECT r.code_insee, s.annee_cog::int AS annee, data.nombre(s.pop) AS pop, r.ratio, r.estime, r.code_source,
           count(*) OVER (PARTITION BY r.code_insee, s.annee_cog) > 1 OR r.ratio < 1 AS compose
    FROM {staging} s
    JOIN data.rattachement_dates r
      ON r.code_source = data.code_commune(s.codgeo) AND s.annee_cog::int BETWEEN r.de AND r.a
    WHERE data.nombre(s.pop) IS NOT NULL
),
sommes AS (
    SELECT code_insee, annee, pop, estime, code_source FROM lignes WHERE NOT compose
    UNION ALL
    SELECT code_insee, annee, sum(pop * ratio), bool_or(estime), string_agg(code_source, '+' ORDER BY code_source)
    FROM lignes WHERE compose GROUP BY code_insee, annee
)
INSERT INTO {partition} (code_insee, annee, population, statut, code_source, cog_annee, source_id)
SELECT s.code_insee, s.annee, round(s.pop)::int, CASE WHEN s.estime OR s.annee < c.depuis THEN 'est' ELSE 'ok' END,
       s.code_source, ($2::jsonb ->> 'cog')::int, $1
FROM sommes s CROSS JOIN connues c
