-- Communes merged since the file's year are dissolved into the current one. A shape is made valid on the way in: one
-- of the real ones crosses itself.
WITH formes AS (
    SELECT r.code_insee, bool_or(r.estime) AS estime, ST_Multi(ST_CollectionExtract(CASE WHEN count(*) = 1 THEN (array_agg(g.geom))[1]
                                                            ELSE ST_Union(g.geom) END, 3)) AS geom
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.principal AND r.code_source = data.code_commune(s.code)
    CROSS JOIN LATERAL (SELECT ST_GeomFromGeoJSON(s.geometrie) AS brut) b
    CROSS JOIN LATERAL (SELECT CASE WHEN ST_IsValid(b.brut) THEN b.brut ELSE ST_MakeValid(b.brut) END AS geom) g
    GROUP BY r.code_insee
)
UPDATE data.communes c
SET geom = f.geom, centroide = ST_PointOnSurface(f.geom), contour_source_id = $1,
    -- The area of a territory that was divided since is not that of what is left of it.
    superficie_km2 = CASE WHEN ($2::jsonb ->> 'synthetique')::boolean OR f.estime THEN NULL
                          ELSE round((ST_Area(f.geom::geography) / 1e6)::numeric, 2) END
FROM formes f WHERE f.code_insee = c.code_insee
