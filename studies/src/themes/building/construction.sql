-- $3: the peers. What was authorised in five and in ten years beside dwellings and inhabitants.
, bornes AS (
    SELECT max(left(s.millesime, 4)::int) - 1 AS fin, array_agg(s.id) AS sources,
           extract(year FROM max((left(s.millesime, 7) || '-01')::date) - interval '18 months')::int - 1 AS fin_commences
    FROM data.data_sources s WHERE s.active AND s.dataset = 'sitadel' AND s.millesime ~ '^\d{4}-\d\d'
),
debut AS (
    SELECT greatest(2013, min(annee)) AS annee FROM data.mv_sitadel_commune_annee
),
logements_annee AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
portees AS (
    SELECT p.scope, p.code, l.log, coalesce(c.population, a.population, 0)::bigint AS habitants, array_remove(ARRAY[l.source_id], NULL) AS sources,
           1::numeric AS part
    FROM (SELECT 'com' AS scope, $1 AS code WHERE 'com' = ANY($2) UNION ALL SELECT 'sim', unnest($3::text[])) p
    LEFT JOIN data.rp_housing l ON l.code_insee = p.code AND l.millesime = (SELECT millesime FROM logements_annee)
    LEFT JOIN data.communes c ON c.code_insee = p.code
    LEFT JOIN data.arrondissements_plm a ON a.code = p.code
    UNION ALL
    SELECT z.scope, z.zone, l.log, l.habitants, l.sources, l.part
    FROM zones z LEFT JOIN data.mv_rp_housing_zone l
        ON l.niveau = z.scope AND l.code = z.zone AND l.millesime = (SELECT millesime FROM logements_annee)
),
comptes AS (
    SELECT p.scope, p.code, s.annee, s.autorises, s.collectifs, s.demolis, s.commences
    FROM portees p JOIN data.mv_sitadel_commune_annee s ON s.code_insee = p.code WHERE p.scope IN ('com', 'sim')
    UNION ALL
    SELECT p.scope, p.code, s.annee, s.autorises, s.collectifs, s.demolis, s.commences
    FROM portees p JOIN data.mv_sitadel_zone_annee s ON s.niveau = p.scope AND s.code = p.code
),
sommes AS (
    SELECT c.scope, c.code, sum(c.autorises) FILTER (WHERE c.annee BETWEEN b.fin - 4 AND b.fin) AS cinq,
           sum(c.autorises) FILTER (WHERE c.annee BETWEEN b.fin - 9 AND b.fin) AS dix,
           sum(c.collectifs) FILTER (WHERE c.annee BETWEEN b.fin - 4 AND b.fin) AS collectifs,
           sum(c.demolis) FILTER (WHERE c.annee BETWEEN b.fin - 4 AND b.fin) AS demolis,
           sum(c.autorises) FILTER (WHERE c.annee BETWEEN b.fin_commences - 4 AND b.fin_commences) AS autorises,
           sum(c.commences) FILTER (WHERE c.annee BETWEEN b.fin_commences - 4 AND b.fin_commences) AS commences
    FROM comptes c CROSS JOIN bornes b GROUP BY c.scope, c.code
)
SELECT p.scope, b.fin AS annee, b.sources, 1::numeric AS part, b.fin_commences, p.habitants,
       CASE WHEN p.part >= 0.995 THEN p.log END AS log, coalesce(p.sources, '{}') AS log_sources,
       CASE WHEN d.annee <= b.fin - 4 THEN coalesce(s.cinq, 0)::numeric END AS cinq,
       CASE WHEN d.annee <= b.fin - 9 THEN coalesce(s.dix, 0)::numeric END AS dix,
       coalesce(s.collectifs, 0)::numeric AS collectifs, coalesce(s.demolis, 0)::numeric AS demolis,
       CASE WHEN d.annee <= b.fin_commences - 4 THEN coalesce(s.autorises, 0)::numeric END AS autorises,
       coalesce(s.commences, 0)::numeric AS commences, v.mediane AS delai, coalesce(v.n, 0) AS delai_n
FROM portees p CROSS JOIN bornes b CROSS JOIN debut d
LEFT JOIN sommes s ON s.scope = p.scope AND s.code = p.code
LEFT JOIN data.mv_sitadel_delai v ON v.code = p.code AND v.niveau = CASE WHEN p.scope = 'sim' THEN 'com' ELSE p.scope END
WHERE b.fin IS NOT NULL
ORDER BY p.scope, p.code
