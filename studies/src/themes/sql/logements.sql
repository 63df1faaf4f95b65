, derniere AS (
    SELECT max(millesime) AS millesime FROM data.rp_housing
),
zones(scope, zone) AS (
    SELECT v.scope, v.zone
    FROM cible t
    CROSS JOIN LATERAL (VALUES ('epci', t.epci_siren), ('dep', t.departement), ('reg', t.region), ('fr', 'FR')) AS v (scope, zone)
    WHERE v.scope = ANY($2) AND v.zone IS NOT NULL
),
lignes AS (
    SELECT 'com' AS scope, l.code_insee AS code, ARRAY[l.source_id] AS sources, 1::numeric AS part,
           coalesce(c.population, a.population, 0)::bigint AS habitants, l.millesime,
           l.log, l.rp, l.rsecocc, l.logvac, l.maison, l.appart, l.rp_1p, l.rp_2p, l.rp_3p, l.rp_4p, l.rp_5pp,
           l.rp_prop, l.rp_loc, l.rp_hlm, l.rp_grat, l.men, l.pmen, l.rp_hstu1p, l.rp_hstu1p_surocc, l.achtot,
           l.ach19, l.ach45, l.ach70, l.ach90, l.ach05, l.anem02, l.anem04, l.anem09, l.anem10
    FROM data.rp_logements l LEFT JOIN data.communes c ON c.code_insee = l.code_insee
    LEFT JOIN data.arrondissements_plm a ON a.code = l.code_insee
    WHERE l.code_insee = $1 AND 'com' = ANY($2)
    UNION ALL
    SELECT 'sim', l.code_insee, ARRAY[l.source_id], 1, coalesce(c.population, 0)::bigint, l.millesime,
           l.log, l.rp, l.rsecocc, l.logvac, l.maison, l.appart, l.rp_1p, l.rp_2p, l.rp_3p, l.rp_4p, l.rp_5pp,
           l.rp_prop, l.rp_loc, l.rp_hlm, l.rp_grat, l.men, l.pmen, l.rp_hstu1p, l.rp_hstu1p_surocc, l.achtot,
           l.ach19, l.ach45, l.ach70, l.ach90, l.ach05, l.anem02, l.anem04, l.anem09, l.anem10
    FROM data.rp_logements l JOIN data.communes c ON c.code_insee = l.code_insee
    WHERE l.code_insee = ANY($3) AND l.millesime = (SELECT millesime FROM derniere)
    UNION ALL
    SELECT z.scope, z.zone, l.sources, l.part, l.habitants, l.millesime,
           l.log, l.rp, l.rsecocc, l.logvac, l.maison, l.appart, l.rp_1p, l.rp_2p, l.rp_3p, l.rp_4p, l.rp_5pp,
           l.rp_prop, l.rp_loc, l.rp_hlm, l.rp_grat, l.men, l.pmen, l.rp_hstu1p, l.rp_hstu1p_surocc, l.achtot,
           l.ach19, l.ach45, l.ach70, l.ach90, l.ach05, l.anem02, l.anem04, l.anem09, l.anem10
    FROM zones z JOIN data.mv_rp_housing_zone l ON l.niveau = z.scope AND l.code = z.zone
)
SELECT l.scope, l.millesime AS annee, l.sources, l.part, l.habitants,
       l.log, l.rp, l.rsecocc, l.logvac, l.maison, l.appart, l.rp_1p, l.rp_2p, l.rp_3p, l.rp_4p, l.rp_5pp, l.rp_prop,
       l.rp_loc, l.rp_hlm, l.rp_grat, l.men, l.pmen, l.rp_hstu1p, l.rp_hstu1p_surocc, l.achtot, l.ach19, l.ach45,
       l.ach70, l.ach90, l.ach05, l.anem02, l.anem04, l.anem09, l.anem10,
       avant.millesime AS annee_m5, avant.log AS log_m5
FROM lignes l
-- Vintages are compared when they are five years apart, and speak of the same communes.
LEFT JOIN LATERAL (
    SELECT h.millesime, h.log FROM data.rp_housing h
    WHERE l.scope IN ('com', 'sim') AND h.code_insee = l.code AND h.millesime <= l.millesime - 5
    UNION ALL
    SELECT z.millesime, z.log FROM data.mv_rp_housing_zone z
    WHERE z.niveau = l.scope AND z.code = l.code AND z.millesime <= l.millesime - 5 AND abs(z.part - l.part) < 0.002
    ORDER BY millesime DESC LIMIT 1
) avant ON true
ORDER BY l.scope, l.millesime, l.code
