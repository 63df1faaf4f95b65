WITH cells AS (
    SELECT data.code_commune(s.codgeo) AS code, s.annee::int AS annee, data.nombre(s.pp_total)::int AS total,
           data.nombre(s.pp_vacant)::int AS vacant, data.nombre(s.pp_vacant_plus_2ans)::int AS vacant_2ans,
           data.statut(s.pp_total) AS s_total, data.statut(s.pp_vacant) AS s_vacant,
           data.statut(s.pp_vacant_plus_2ans) AS s_2ans
    FROM {staging} s
)
