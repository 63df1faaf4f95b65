WITH cells AS (
    SELECT s.codgeo AS code, s.annee::int AS annee, f.figure, data.nombre(f.value) AS n, data.statut(f.value) AS statut
    FROM {staging} s
    CROSS JOIN LATERAL (VALUES ('total', s.pp_total), ('vacant', s.pp_vacant)) AS f (figure, value)
)
