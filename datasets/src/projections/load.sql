, depart AS (
    SELECT min(annee) AS base FROM cellules
)
INSERT INTO {partition} (scenario, niveau, code_zone, sexe, age_min, age_max, annee, population, modele, base_rp, source_id)
SELECT c.scenario, 'DEP', data.code_departement(c.departement),
       CASE upper(c.sexe) WHEN '1' THEN 'H' WHEN '2' THEN 'F' ELSE upper(c.sexe) END,
       substring(c.age FROM '^[0-9]+')::int,
       CASE WHEN c.age ~ '\+$' THEN 120 ELSE coalesce(substring(c.age FROM '-([0-9]+)$'), c.age)::int END,
       c.annee, c.population,
       CASE d.base WHEN 2013 THEN 'Omphale 2017' WHEN 2018 THEN 'Omphale 2022' ELSE 'Omphale' END, d.base, $1
FROM cellules c CROSS JOIN depart d
WHERE $2::jsonb IS NOT NULL
