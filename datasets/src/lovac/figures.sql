, published AS (SELECT DISTINCT code FROM cells),
-- A merged commune is the sum of its parts, and so is a city published by arrondissement only.
places AS (
    SELECT r.code_source, p.code_insee, r.ratio, r.estime
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
    SELECT p.code_insee, c.annee, string_agg(p.code_source, '+' ORDER BY p.code_source) AS code_source,
           bool_or(p.estime) AS estime,
           -- A sum with a secret or missing part is not known: rebuilding it would break the secrecy.
           CASE WHEN bool_and(total IS NOT NULL) THEN round(sum(total * ratio))::int END AS total,
           CASE WHEN bool_and(vacant IS NOT NULL) THEN round(sum(vacant * ratio))::int END AS vacant,
           CASE WHEN bool_and(vacant_2ans IS NOT NULL) THEN round(sum(vacant_2ans * ratio))::int END AS vacant_2ans,
           CASE WHEN bool_or(s_total = 's') THEN 's' ELSE min(s_total) END AS s_total,
           CASE WHEN bool_or(s_vacant = 's') THEN 's' ELSE min(s_vacant) END AS s_vacant,
           CASE WHEN bool_or(s_2ans = 's') THEN 's' ELSE min(s_2ans) END AS s_2ans
    FROM cells c JOIN places p ON p.code_source = c.code
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
