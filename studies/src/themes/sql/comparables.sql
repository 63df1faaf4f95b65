-- $1 and $2: least and greatest population of the size class and its neighbour. Communes whose dwellings are loaded.
SELECT c.code_insee AS code, coalesce(c.population, 0)::bigint AS population,
       (SELECT z.zone FROM data.zonage_abc z WHERE z.code_insee = c.code_insee ORDER BY z.date_effet DESC LIMIT 1) AS zone
FROM data.communes c
WHERE coalesce(c.population, 0) >= $1 AND coalesce(c.population, 0) < $2
  AND EXISTS (SELECT FROM data.rp_housing h WHERE h.code_insee = c.code_insee)
ORDER BY c.code_insee
