, derniere AS (
    SELECT max(annee) AS annee FROM data.anil_loyers
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
)
-- Above the commune a mean weighted by dwellings let by private landlords, made at import.
SELECT z.scope, y.annee, y.sources, y.part, y.segment, y.loyer, NULL::numeric AS bas, NULL::numeric AS haut,
       NULL::text AS type_prediction, NULL::bigint AS annonces, NULL::numeric AS r2
FROM zones z JOIN data.mv_loyers_zone y ON y.niveau = z.scope AND y.code = z.zone JOIN derniere USING (annee)
UNION ALL
SELECT p.scope, l.annee, ARRAY[l.source_id], 1, l.segment, l.loyer_m2, l.borne_basse, l.borne_haute, l.type_prediction,
       l.nb_obs_commune::bigint, l.r2
FROM (SELECT 'com' AS scope, $1 AS code WHERE 'com' = ANY($2) UNION ALL SELECT 'sim', unnest($3::text[])) p
JOIN data.anil_loyers l ON l.code_insee = p.code JOIN derniere USING (annee)
ORDER BY scope, segment
