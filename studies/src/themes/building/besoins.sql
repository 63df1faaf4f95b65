-- Two censuses, and the dwellings started between them one year before each: what a dwelling takes to be delivered.
, bornes AS (
    SELECT max(left(s.millesime, 4)::int) - 1 AS fin, array_agg(s.id) AS sources
    FROM data.data_sources s WHERE s.active AND s.dataset = 'sitadel' AND s.millesime ~ '^\d{4}-\d\d'
),
debut AS (
    SELECT greatest(2013, min(annee)) AS annee FROM data.mv_sitadel_commune_annee
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
recensements AS (
    SELECT 'com' AS scope, l.code_insee AS code, l.millesime, ARRAY[l.source_id] AS sources, 1::numeric AS part,
           coalesce(c.population, a.population, 0)::bigint AS habitants, l.log, l.rsecocc, l.logvac, l.men, l.pmen
    FROM data.rp_housing l LEFT JOIN data.communes c ON c.code_insee = l.code_insee
    LEFT JOIN data.arrondissements_plm a ON a.code = l.code_insee
    WHERE l.code_insee = $1 AND 'com' = ANY($2)
    UNION ALL
    SELECT z.scope, z.zone, l.millesime, l.sources, l.part, l.habitants, l.log, l.rsecocc, l.logvac, l.men, l.pmen
    FROM zones z JOIN data.mv_rp_housing_zone l ON l.niveau = z.scope AND l.code = z.zone
),
paires AS (
    SELECT DISTINCT ON (n.scope) n.*, p.millesime AS annee_m5, p.log AS log_m5, p.rsecocc AS rsecocc_m5,
           p.logvac AS logvac_m5, p.men AS men_m5, p.pmen AS pmen_m5
    FROM recensements n JOIN recensements p
        ON p.scope = n.scope AND p.millesime <= n.millesime - 5 AND abs(p.part - n.part) < 0.002
    ORDER BY n.scope, n.millesime DESC, p.millesime DESC
),
chantiers AS (
    SELECT 'com' AS scope, annee, commences FROM data.mv_sitadel_commune_annee WHERE code_insee = $1
    UNION ALL
    SELECT z.scope, s.annee, s.commences
    FROM zones z JOIN data.mv_sitadel_zone_annee s ON s.niveau = z.scope AND s.code = z.zone
)
SELECT p.scope, p.millesime AS annee, p.sources || b.sources AS sources, p.part, p.habitants, p.annee_m5, p.log, p.log_m5,
       p.rsecocc, p.rsecocc_m5, p.logvac, p.logvac_m5, p.men, p.men_m5, p.pmen, p.pmen_m5,
       -- Permits of the whole span, or none.
       CASE WHEN d.annee <= p.annee_m5 - 1 AND b.fin >= p.millesime - 2
            THEN coalesce((SELECT sum(c.commences) FROM chantiers c
                           WHERE c.scope = p.scope AND c.annee BETWEEN p.annee_m5 - 1 AND p.millesime - 2), 0)::numeric END AS construits
FROM paires p CROSS JOIN bornes b CROSS JOIN debut d
ORDER BY p.scope
