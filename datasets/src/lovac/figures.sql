, published AS (SELECT DISTINCT code FROM cells),
-- A merged commune is the sum of its parts, and so is a city published by arrondissement only.
places AS MATERIALIZED (
    SELECT p.code_insee, r.code_source, r.ratio, r.estime,
           count(*) OVER (PARTITION BY p.code_insee) > 1 OR r.ratio < 1 AS compose
    FROM data.rattachement_au(($2::jsonb ->> 'cog')::int) r
    JOIN published ON published.code = r.code_source
    CROSS JOIN LATERAL (
        SELECT r.code_insee
        UNION ALL
        SELECT data.commune_mere(r.code_insee) WHERE data.commune_mere(r.code_insee) <> r.code_insee
                                                 AND data.commune_mere(r.code_insee) NOT IN (SELECT code FROM published)
    ) p
),
sums AS (
    SELECT p.code_insee, c.annee, p.code_source, p.estime, c.total, c.vacant, c.vacant_2ans, c.s_total, c.s_vacant, c.s_2ans
    FROM cells c JOIN places p ON p.code_source = c.code WHERE NOT p.compose
    UNION ALL
    SELECT p.code_insee, c.annee, string_agg(p.code_source, '+' ORDER BY p.code_source), bool_or(p.estime),
           -- A sum with a secret or missing part is not known: rebuilding it would break the secrecy.
           CASE WHEN bool_and(total IS NOT NULL) THEN round(sum(total * ratio))::int END,
           CASE WHEN bool_and(vacant IS NOT NULL) THEN round(sum(vacant * ratio))::int END,
           CASE WHEN bool_and(vacant_2ans IS NOT NULL) THEN round(sum(vacant_2ans * ratio))::int END,
           CASE WHEN bool_or(s_total = 's') THEN 's' ELSE min(s_total) END,
           CASE WHEN bool_or(s_vacant = 's') THEN 's' ELSE min(s_vacant) END,
           CASE WHEN bool_or(s_2ans = 's') THEN 's' ELSE min(s_2ans) END
    FROM cells c JOIN places p ON p.code_source = c.code WHERE p.compose
    GROUP BY p.code_insee, c.annee
)
-- A share of ours below eleven tells as much as the producer keeps to himself.
INSERT INTO {partition} (code_insee, annee, pp_total, pp_vacant, pp_vacant_2ans, statut, millesime_fichier, cog_annee,
    code_source, source_id)
SELECT code_insee, annee, CASE WHEN NOT (estime AND total < 11) THEN total END,
       CASE WHEN NOT (estime AND vacant < 11) THEN vacant END,
       CASE WHEN NOT (estime AND vacant_2ans < 11) THEN vacant_2ans END,
       CASE WHEN estime OR s_total IS NOT NULL OR s_vacant IS NOT NULL OR s_2ans IS NOT NULL THEN
           jsonb_strip_nulls(jsonb_build_object(
               'pp_total', CASE WHEN estime AND total < 11 THEN 's' WHEN estime AND total IS NOT NULL THEN 'est' ELSE s_total END,
               'pp_vacant', CASE WHEN estime AND vacant < 11 THEN 's' WHEN estime AND vacant IS NOT NULL THEN 'est' ELSE s_vacant END,
               'pp_vacant_2ans', CASE WHEN estime AND vacant_2ans < 11 THEN 's'
                                      WHEN estime AND vacant_2ans IS NOT NULL THEN 'est' ELSE s_2ans END))
       ELSE '{}' END,
       ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, code_source, $1
FROM sums
