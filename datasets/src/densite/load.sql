-- A commune merged since the grid was drawn takes the densest degree of its parts; one that the grid does not name has none.
WITH grille AS (
    SELECT r.code_insee, min(s.dens7::smallint) AS degre
    FROM {staging} s JOIN data.rattachement r ON r.code_source = data.code_commune(s.codgeo) AND r.principal
    GROUP BY r.code_insee
)
UPDATE data.communes c SET densite7 = g.degre
FROM data.communes d LEFT JOIN grille g ON g.code_insee = d.code_insee
WHERE c.code_insee = d.code_insee AND c.densite7 IS DISTINCT FROM g.degre
  AND $1::int IS NOT NULL AND $2::jsonb IS NOT NULL
