-- $1 commune or arrondissement: of each service of the baskets how many it has, and how far the nearest is from its centre
-- as the crow flies, in the projection of the territory. What is near in degrees bounds the distance; what is nearest in
-- metres is looked for within that bound. An arrondissement has no outline of its own, hence no centre.
WITH vintage AS (
    SELECT b.millesime FROM data.mv_bpe_commune b WHERE b.code_insee = $1
),
paniers AS (
    SELECT s.service, s.libelle, s.gamme, y.millesime, array_agg(y.code) AS codes
    FROM vintage d JOIN data.bpe_typequ y ON y.millesime = d.millesime JOIN data.bpe_services s ON s.service = y.service
    GROUP BY s.service, s.libelle, s.gamme, y.millesime
),
ici AS (
    SELECT code FROM data.territoires WHERE code = $1 OR commune = $1
)
SELECT p.service, p.libelle, p.gamme,
       (SELECT count(*) FROM ici JOIN data.bpe_equipements e ON e.code_insee = ici.code
        WHERE e.typequ = ANY (p.codes) AND e.millesime = p.millesime) AS nombre,
       (SELECT count(*) FROM ici JOIN data.bpe_equipements e ON e.code_insee = ici.code
        WHERE e.typequ = ANY (p.codes) AND e.millesime = p.millesime AND e.geom IS NULL) AS sans_lieu,
       c.lieu IS NOT NULL AS centre,
       round(proche.metres::numeric / 1000, 6) AS km, n.code_insee AS code, n.nom
FROM paniers p
LEFT JOIN LATERAL (
    SELECT centroide AS lieu, cos(radians(ST_Y(centroide))) AS retreci, data.projection_de(departement) AS projection
    FROM data.communes WHERE code_insee = $1 AND centroide IS NOT NULL
) c ON true
LEFT JOIN LATERAL (
    SELECT ST_Distance(ST_Transform(e.geom, c.projection), ST_Transform(c.lieu, c.projection)) AS metres
    FROM data.bpe_equipements e
    WHERE e.typequ = ANY (p.codes) AND e.millesime = p.millesime AND e.geom IS NOT NULL AND c.lieu IS NOT NULL
    ORDER BY e.geom <-> c.lieu LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT e.code_insee, ST_Distance(ST_Transform(e.geom, c.projection), ST_Transform(c.lieu, c.projection)) AS metres
    FROM data.bpe_equipements e
    WHERE e.typequ = ANY (p.codes) AND e.millesime = p.millesime
      AND e.geom && ST_Expand(c.lieu, b.metres * 1.02 / (111000 * c.retreci), b.metres * 1.02 / 111000)
    ORDER BY metres, e.code_insee LIMIT 1
) proche ON true
LEFT JOIN data.communes n ON n.code_insee = data.commune_mere(proche.code_insee)
ORDER BY p.service
