PREPARE q(text) AS
-- $1 commune: how far the nearest establishment of each kind is from its centre, as the crow flies, in the projection of
-- the territory. Nearest in degrees bounds the distance; nearest in metres is looked for within that bound.
WITH centre AS (
    SELECT centroide AS lieu, cos(radians(ST_Y(centroide))) AS retreci, data.projection_de(departement) AS projection
    FROM data.communes WHERE code_insee = $1 AND centroide IS NOT NULL
),
genres(genre, categories) AS (
    VALUES ('hopital', ARRAY['101', '355', '365']), ('maison', ARRAY['124', '603']), ('ehpad', ARRAY['500']),
           ('autonomie', ARRAY['202']), ('pharmacie', ARRAY['620']), ('labo', ARRAY['611'])
)
SELECT g.genre, round(proche.metres::numeric / 1000, 6) AS km, n.code_insee AS code, n.nom
FROM genres g CROSS JOIN centre c
LEFT JOIN LATERAL (
    SELECT ST_Distance(ST_Transform(f.geom, c.projection), ST_Transform(c.lieu, c.projection)) AS metres
    FROM data.finess f WHERE f.categorie = ANY (g.categories) AND f.geom IS NOT NULL
    ORDER BY f.geom <-> c.lieu LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT f.code_insee, ST_Distance(ST_Transform(f.geom, c.projection), ST_Transform(c.lieu, c.projection)) AS metres
    FROM data.finess f
    WHERE f.categorie = ANY (g.categories)
      AND f.geom && ST_Expand(c.lieu, b.metres * 1.02 / (111000 * c.retreci), b.metres * 1.02 / 111000)
    ORDER BY metres, f.code_insee LIMIT 1
) proche ON true
LEFT JOIN data.communes n ON n.code_insee = data.commune_mere(proche.code_insee)
ORDER BY g.genre
;
\timing on
SELECT coalesce(array_agg(code_insee),'{}') AS pp FROM (SELECT code_insee FROM data.communes WHERE population BETWEEN 200 AND 499 limit 9000) x \gset
EXECUTE q('44109');EXECUTE q('44109');
