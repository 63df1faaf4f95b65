, annees AS (
    -- A year that has not reached December is not a year.
    SELECT annee FROM data.mv_dvf_zone_fenetre WHERE niveau = 'fr' AND fenetre = 1 GROUP BY annee
),
fenetres(annee, fenetre) AS (
    SELECT annee::int, 1 FROM annees
    UNION ALL SELECT max(annee)::int, 3 FROM annees HAVING count(*) >= 3
    UNION ALL SELECT max(annee)::int, 5 FROM annees HAVING count(*) >= 5
),
portees AS (
    SELECT 'com' AS scope, coalesce(a.code, t.code) AS code
    FROM cible t LEFT JOIN data.arrondissements_plm a ON a.parent = t.code WHERE 'com' = ANY($2)
    UNION ALL SELECT 'sim', unnest($3::text[])
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
ventes AS (
    SELECT p.scope, CASE WHEN p.scope = 'sim' THEN p.code END AS pair, v.annee, v.type_logement, v.prix_m2, v.source_id
    FROM portees p JOIN data.dvf v ON v.code_insee = p.code
    WHERE v.exploitable AND v.prix_m2 IS NOT NULL AND v.type_logement IS NOT NULL
),
mesures AS (
    SELECT v.scope, v.pair, f.annee, v.type_logement, f.fenetre, count(*) AS n, array_agg(DISTINCT v.source_id) AS sources,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY v.prix_m2) AS q
    FROM ventes v JOIN fenetres f ON v.annee BETWEEN f.annee - f.fenetre + 1 AND f.annee
    WHERE v.scope <> 'sim' OR f.annee = (SELECT max(annee) FROM annees)
    GROUP BY v.scope, v.pair, v.type_logement, f.annee, f.fenetre
)
SELECT scope, annee, sources, 1::numeric AS part, type_logement, fenetre, n, round(q[2]::numeric, 6) AS med,
       round(q[1]::numeric, 6) AS q1, round(q[3]::numeric, 6) AS q3
FROM mesures
UNION ALL
SELECT z.scope, v.annee, v.sources, 1, v.type, v.fenetre, v.n, v.med, v.q1, v.q3
FROM zones z JOIN data.mv_dvf_zone_fenetre v ON v.niveau = z.scope AND v.code = z.zone
ORDER BY scope, type_logement, annee, fenetre, n, med
