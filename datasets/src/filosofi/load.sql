-- Medians and rates cannot be added: a commune born of a merger since the vintage has no figure of its own and keeps
-- that of no other. Only unchanged codes are loaded.
WITH lignes AS (
    SELECT data.code_commune(s.codgeo) AS code, right($2::jsonb ->> 'millesime', 2) AS yy, to_jsonb(s) - 'ligne' - 'codgeo' AS j
    FROM {staging} s
    JOIN data.rattachement_unique r ON r.code_source = data.code_commune(s.codgeo) AND r.code_insee = r.code_source
), figures AS (
    SELECT l.code, l.yy, l.j, f.key, f.value, data.nombre(f.value) AS n, data.statut(f.value) AS statut,
           -- TP60AGE121 is age band 1 of 2021; what is left of a name without its vintage is the figure.
           left(f.key, -2) AS nom
    FROM lignes l CROSS JOIN LATERAL jsonb_each_text(l.j) AS f (key, value)
)
INSERT INTO {partition} (code_insee, millesime, cog_annee, nbmen, nbpers, med, pimp, tp60, tp60_age, tp60_tol, parts, d1, d9,
    rd, statuts, code_source, source_id)
SELECT code, ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int,
       max(n) FILTER (WHERE nom = 'nbmenfisc'), max(n) FILTER (WHERE nom = 'nbpersmenfisc'), max(n) FILTER (WHERE nom = 'med'),
       max(n) FILTER (WHERE nom = 'pimp'), max(n) FILTER (WHERE nom = 'tp60'),
       coalesce(jsonb_object_agg(right(nom, 1), n) FILTER (WHERE nom LIKE 'tp60age_' AND n IS NOT NULL), '{}'),
       coalesce(jsonb_object_agg(right(nom, 1), n) FILTER (WHERE nom LIKE 'tp60tol_' AND n IS NOT NULL), '{}'),
       coalesce(jsonb_object_agg(nom, n) FILTER (WHERE nom IN ('pact', 'ptsa', 'pcho', 'pben', 'ppen', 'ppat', 'ppsoc',
                                                'ppfam', 'ppmini', 'pplogt', 'pimpot') AND n IS NOT NULL), '{}'),
       max(n) FILTER (WHERE nom = 'd1'), max(n) FILTER (WHERE nom = 'd9'), max(n) FILTER (WHERE nom = 'rd'),
       coalesce(jsonb_object_agg(nom, statut) FILTER (WHERE statut IS NOT NULL), '{}'), code, $1
FROM figures
GROUP BY code
