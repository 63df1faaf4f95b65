-- Badly formed sheets write a parcel twice: the first drawing is kept. Section and number are read from the identifier,
-- which never loses its zeros.
INSERT INTO {partition} (id, code_insee, prefixe, section, numero, contenance, arpente, millesime, geom, code_source,
    cog_annee, source_id)
SELECT DISTINCT ON (s.id) s.id, r.code_insee, substr(s.id, 6, 3), substr(s.id, 9, 2), substr(s.id, 11, 4),
       data.nombre(s.contenance)::int, s.arpente::boolean, $2::jsonb ->> 'millesime',
       ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(s.geometrie), 4326)), 3)),
       left(s.id, 5), ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s JOIN data.rattachement_unique r ON r.code_source = left(s.id, 5)
ORDER BY s.id, s.ligne
