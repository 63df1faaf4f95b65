-- Bad coordinates are no coordinates: such a facility counts in its commune and is on no map.
INSERT INTO {partition} (ligne, millesime, typequ, code_insee, capacite, nb_identiques, qualite, geom, cog_annee, code_source,
    source_id)
SELECT s.ligne, s.an::smallint, s.typequ, r.code_insee, data.nombre(s.capacite), data.nombre(s.nbequident)::int,
       coalesce(s.qualite_xy, 'Non géolocalisé'),
       CASE WHEN s.qualite_xy IN ('Bonne', 'Acceptable')
            THEN ST_SetSRID(ST_MakePoint(s.longitude::float8, s.latitude::float8), 4326) END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s JOIN data.rattachement_unique r ON r.code_source = s.depcom
