SELECT p.scope, f.millesime AS annee, ARRAY[f.source_id] AS sources, 1::numeric AS part, f.med, f.statuts ->> 'med' AS statut
FROM (SELECT scope, code FROM membres WHERE scope = 'com' UNION ALL SELECT 'sim', unnest($3::text[])) p
JOIN data.filosofi f ON f.code_insee = p.code
WHERE f.millesime = (SELECT max(millesime) FROM data.filosofi)
ORDER BY p.scope, p.code
