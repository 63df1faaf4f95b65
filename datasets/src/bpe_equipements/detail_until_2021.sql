-- These files do not name the projection: it is that of the territory.
INSERT INTO {partition} (ligne, millesime, typequ, code_insee, capacite, nb_identiques, qualite, geom, cog_annee, code_source,
    source_id)
SELECT s.ligne, s.an::smallint, s.typequ, r.code_insee, NULL, NULL, coalesce(s.qualite_xy, 'Non géolocalisé'),
       CASE WHEN s.qualite_xy IN ('Bonne', 'Acceptable')
            THEN data.point_projete(data.nombre(s.lambert_x), data.nombre(s.lambert_y), data.projection_de(s.depcom)) END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s JOIN data.rattachement_unique r ON r.code_source = s.depcom
