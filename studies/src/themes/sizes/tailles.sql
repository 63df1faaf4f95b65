-- $3: the peers. Households by kind beside dwellings by number of rooms, of the newest vintage of each file.
, menages_annee AS (
    SELECT max(millesime) AS millesime FROM data.mv_rp_menages_zone WHERE niveau = 'fr'
),
logements_annee AS (
    SELECT max(millesime) AS millesime FROM data.mv_rp_housing_zone WHERE niveau = 'fr'
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
portees(scope, code) AS (
    SELECT 'com', $1 WHERE 'com' = ANY($2) UNION ALL SELECT 'sim', unnest($3::text[])
)
SELECT p.scope, m.millesime AS annee, ARRAY[m.source_id, l.source_id] AS sources, 1::numeric AS part,
       coalesce(c.population, a.population, 0)::bigint AS habitants, m.menages, m.seuls, m.couples,
       l.rp, l.rp_1p + l.rp_2p AS rp_12
FROM portees p
JOIN data.mv_rp_menages m ON m.code_insee = p.code AND m.millesime = (SELECT millesime FROM menages_annee)
JOIN data.rp_housing l ON l.code_insee = p.code AND l.millesime = (SELECT millesime FROM logements_annee)
LEFT JOIN data.communes c ON c.code_insee = p.code
LEFT JOIN data.arrondissements_plm a ON a.code = p.code
UNION ALL
SELECT z.scope, m.millesime, m.sources || l.sources, least(m.part, l.part), l.habitants, m.menages, m.seuls, m.couples,
       l.rp, l.rp_1p + l.rp_2p
FROM zones z
JOIN data.mv_rp_menages_zone m ON m.niveau = z.scope AND m.code = z.zone AND m.millesime = (SELECT millesime FROM menages_annee)
JOIN data.mv_rp_housing_zone l ON l.niveau = z.scope AND l.code = z.zone AND l.millesime = (SELECT millesime FROM logements_annee)
ORDER BY 1, 6, 7
