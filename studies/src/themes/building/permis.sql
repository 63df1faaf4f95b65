-- Dwellings authorised and started, year by whole year, of the commune and what it belongs to.
, bornes AS (
    SELECT max(left(s.millesime, 4)::int) - 1 AS fin, array_agg(s.id) AS sources,
           -- Starts come late: what is less than eighteen months old will still grow.
           max((left(s.millesime, 7) || '-01')::date) - interval '18 months' AS depuis
    FROM data.data_sources s WHERE s.active AND s.dataset = 'sitadel' AND s.millesime ~ '^\d{4}-\d\d'
),
-- The lists begin in 2013; older years are those of a few late corrections.
annees AS (
    SELECT generate_series(greatest(2013, (SELECT min(annee) FROM data.mv_sitadel_commune_annee)), b.fin) AS annee FROM bornes b
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t CROSS JOIN LATERAL (VALUES ('com', t.code), ('epci', t.epci_siren), ('dep', t.departement)) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
comptes AS (
    SELECT 'com' AS scope, annee, autorises, commences, sans_nombre FROM data.mv_sitadel_commune_annee WHERE code_insee = $1
    UNION ALL
    SELECT z.scope, s.annee, s.autorises, s.commences, s.sans_nombre
    FROM zones z JOIN data.mv_sitadel_zone_annee s ON s.niveau = z.scope AND s.code = z.zone
)
-- A year without a permit is a year of none: whether the file is loaded is asked elsewhere.
SELECT z.scope, a.annee, b.sources, 1::numeric AS part, coalesce(c.autorises, 0)::numeric AS autorises,
       coalesce(c.commences, 0)::numeric AS commences, coalesce(c.sans_nombre, 0)::bigint AS sans_nombre,
       make_date(a.annee + 1, 1, 1) > b.depuis AS provisoire,
       coalesce((SELECT sum(r.autorises) FROM comptes r WHERE r.scope = z.scope AND r.annee BETWEEN b.fin - 4 AND b.fin), 0)::numeric AS cinq_ans
FROM zones z CROSS JOIN annees a CROSS JOIN bornes b
LEFT JOIN comptes c ON c.scope = z.scope AND c.annee = a.annee
ORDER BY z.scope, a.annee
