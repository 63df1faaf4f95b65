-- The cadastre of the commune, where somebody had it loaded. Areas of the land register, not of the drawing.
, mesures AS (
    SELECT count(*) AS n, sum(contenance)::numeric AS aire, sum(contenance) FILTER (WHERE contenance > 10000)::numeric AS grandes,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY contenance) AS mediane, array_agg(DISTINCT source_id) AS sources,
           max(millesime) AS millesime
    FROM data.parcelles WHERE code_insee IN (SELECT coalesce(a.code, t.code) FROM cible t LEFT JOIN data.arrondissements_plm a ON a.parent = t.code)
)
SELECT 'com' AS scope, left(millesime, 4)::int AS annee, sources, 1::numeric AS part, n, aire, coalesce(grandes, 0) AS grandes,
       round(mediane::numeric, 2) AS mediane, millesime
FROM mesures WHERE n > 0 AND 'com' = ANY($2)
