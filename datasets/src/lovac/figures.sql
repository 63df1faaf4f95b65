, published AS (SELECT DISTINCT data.code_commune(code) AS code FROM cells),
-- A merged commune is the sum of its parts, and so is a city published by arrondissement only.
places AS (
    SELECT r.code_source, p.code_insee, r.ratio, r.estime
    FROM data.rattachement_au(($2::jsonb ->> 'cog')::int) r
    JOIN published ON published.code = r.code_source
    CROSS JOIN LATERAL (
        SELECT r.code_insee
        UNION
        SELECT data.commune_mere(r.code_insee) WHERE data.commune_mere(r.code_insee) NOT IN (SELECT code FROM published)
    ) p
),
sums AS (
    SELECT p.code_insee, c.annee, c.figure, string_agg(DISTINCT p.code_source, '+') AS code_source,
           -- A sum with a secret or missing part is not known: rebuilding it would break the secrecy.
           CASE WHEN bool_and(c.n IS NOT NULL) THEN round(sum(c.n * p.ratio))::int END AS n,
           CASE WHEN bool_or(c.statut = 's') THEN 's' ELSE min(c.statut) END AS statut,
           bool_or(p.estime) AS estime
    FROM cells c JOIN places p ON p.code_source = data.code_commune(c.code)
    GROUP BY p.code_insee, c.annee, c.figure
),
-- A share of ours below eleven tells as much as the producer keeps to himself.
kept AS (
    SELECT code_insee, annee, figure, code_source, CASE WHEN NOT (estime AND n < 11) THEN n END AS n,
           CASE WHEN estime AND n < 11 THEN 's' WHEN estime AND n IS NOT NULL THEN 'est'
                WHEN n IS NULL THEN coalesce(statut, 'nd') END AS statut
    FROM sums
),
years AS (
    SELECT code_insee, annee, min(code_source) AS code_source,
           max(n) FILTER (WHERE figure = 'total') AS total,
           max(n) FILTER (WHERE figure = 'vacant') AS vacant,
           max(n) FILTER (WHERE figure = 'vacant_plus_2ans') AS vacant_2ans,
           max(statut) FILTER (WHERE figure = 'total') AS statut_total,
           max(statut) FILTER (WHERE figure = 'vacant') AS statut_vacant,
           max(statut) FILTER (WHERE figure = 'vacant_plus_2ans') AS statut_2ans
    FROM kept GROUP BY code_insee, annee
)
INSERT INTO {partition} (code_insee, annee, pp_total, pp_vacant, pp_vacant_2ans, statut, millesime_fichier, cog_annee,
    code_source, source_id)
SELECT code_insee, annee, total, vacant, vacant_2ans,
       jsonb_strip_nulls(jsonb_build_object(
           'pp_total', coalesce(statut_total, CASE WHEN total IS NULL THEN 'nd' END),
           'pp_vacant', coalesce(statut_vacant, CASE WHEN vacant IS NULL THEN 'nd' END),
           'pp_vacant_2ans', coalesce(statut_2ans, CASE WHEN vacant_2ans IS NULL THEN 'nd' END))),
       ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, code_source, $1
FROM years
