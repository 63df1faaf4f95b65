, annees AS (
    -- A year that has not reached December is not a year.
    SELECT annee FROM data.mv_dvf_zone_fenetre WHERE niveau = 'fr' AND fenetre = 1 GROUP BY annee
),
derniere AS (
    SELECT max(annee) AS annee FROM annees
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
)
-- Every year of the commune, the last ones of its peers.
SELECT 'com' AS scope, v.annee, v.sources, 1::numeric AS part, v.type AS type_logement, v.fenetre, v.n, v.med, v.q1, v.q3
FROM data.mv_dvf_commune_fenetre v WHERE v.code = $1 AND 'com' = ANY($2)
UNION ALL
SELECT 'sim', v.annee, v.sources, 1, v.type, v.fenetre, v.n, v.med, v.q1, v.q3
FROM data.mv_dvf_commune_fenetre v JOIN derniere USING (annee) WHERE v.code = ANY($3)
UNION ALL
SELECT z.scope, v.annee, v.sources, 1, v.type, v.fenetre, v.n, v.med, v.q1, v.q3
FROM zones z JOIN data.mv_dvf_zone_fenetre v ON v.niveau = z.scope AND v.code = z.zone
ORDER BY scope, type_logement, annee, fenetre, n, med
