WITH cells AS (
    SELECT data.code_commune(s.codgeo) AS code, s.annee, s.total, s.vacant, s.vacant_2ans, s.s_total, s.s_vacant, s.s_2ans
    FROM {staging} s
)
