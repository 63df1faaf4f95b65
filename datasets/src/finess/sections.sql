-- About three establishments in a hundred have no line of coordinates: they count, and are on no map.
WITH lieux AS (
    SELECT DISTINCT ON (nofinesset) nofinesset, sourcecoordet,
           data.point_projete(data.nombre(coordxet), data.nombre(coordyet), data.projection_finess(sourcecoordet)) AS geom
    FROM {staging} WHERE section = 'geolocalisation'
    ORDER BY nofinesset, ligne
)
INSERT INTO {partition} (nofinesset, nofinessej, raison_sociale, categorie, categorie_lib, code_insee, code_postal, siret,
    date_ouverture, geom, qualite_geo, cog_annee, code_source, source_id)
SELECT s.nofinesset, s.nofinessej, coalesce(s.rslongue, s.rs), s.categetab, s.libcategetab, r.code_insee,
       substring(s.ligneacheminement FROM '^[0-9]{5}'), s.siret,
       CASE WHEN s.dateouv ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN s.dateouv::date END, l.geom, l.sourcecoordet,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s
JOIN data.rattachement_unique r ON r.code_source = data.code_finess(s.departement, s.commune)
LEFT JOIN lieux l ON l.nofinesset = s.nofinesset
WHERE s.section = 'structureet'
