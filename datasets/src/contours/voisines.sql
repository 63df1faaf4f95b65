-- Neighbours share a border. Simplified shapes do not always share its points: a tolerance of some fifty metres, in
-- degrees, because an index serves that test.
WITH touched AS (SELECT code_insee, geom FROM data.communes WHERE contour_source_id = $1 AND $2::jsonb IS NOT NULL),
     cleared AS (DELETE FROM data.communes_voisines v USING touched t WHERE v.code_insee = t.code_insee)
INSERT INTO data.communes_voisines (code_insee, voisine)
SELECT t.code_insee, n.code_insee
FROM touched t
JOIN data.communes n ON ST_Expand(t.geom, 0.0005) && n.geom AND n.code_insee <> t.code_insee
                    AND ST_DWithin(t.geom, n.geom, 0.0005)
ON CONFLICT DO NOTHING
