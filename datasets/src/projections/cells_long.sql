WITH cellules AS (
    SELECT s.scenario, s.departement, s.sexe, s.age, s.annee::int AS annee, data.nombre(s.population) AS population
    FROM {staging} s
)
