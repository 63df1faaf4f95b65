-- Mutation numbers change at every delivery: they are not used, so that both layouts give the same sales.
WITH lines AS (
    SELECT s.ligne, s.date_mutation::date AS date_mutation, s.nature_mutation AS nature,
           data.nombre(s.valeur_fonciere) AS valeur, s.code_departement AS departement,
           data.code_commune(s.code_commune) AS code, substr(s.id_parcelle, 6) AS parcelle, s.lot1_numero AS lot,
           s.code_type_local AS type, data.nombre(s.surface_reelle_bati) AS surface,
           data.nombre(s.nombre_pieces_principales) AS pieces, coalesce(s.code_nature_culture, '') AS culture,
           data.nombre(s.surface_terrain) AS terrain, data.nombre(s.longitude) AS longitude,
           data.nombre(s.latitude) AS latitude
    FROM {staging} s
)
