-- Codes lose their leading zeros at random in this layout: each part is padded before they are put together.
WITH lines AS (
    SELECT s.ligne, to_date(s.date_mutation, 'DD/MM/YYYY') AS date_mutation, s.nature_mutation AS nature,
           data.nombre(s.valeur_fonciere) AS valeur, d.departement,
           data.code_dvf(s.code_departement, s.code_commune) AS code,
           lpad(coalesce(s.prefixe_de_section, ''), 3, '0') || lpad(coalesce(s.section, ''), 2, '0')
               || lpad(coalesce(s.no_plan, ''), 4, '0') AS parcelle,
           s.premier_lot AS lot, s.code_type_local AS type, data.nombre(s.surface_reelle_bati) AS surface,
           data.nombre(s.nombre_pieces_principales) AS pieces, coalesce(s.nature_culture, '') AS culture,
           data.nombre(s.surface_terrain) AS terrain, NULL::numeric AS longitude, NULL::numeric AS latitude
    FROM {staging} s
    CROSS JOIN LATERAL (SELECT CASE WHEN s.code_departement ~ '^[1-9]$' THEN '0' || s.code_departement
                                    ELSE s.code_departement END AS departement) d
)
