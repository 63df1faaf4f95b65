-- $1 commune or arrondissement; $2 the scopes wanted. The commune, and the outline of its département behind it.
WITH cible AS (
    SELECT $1::text AS code, c.departement FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
membres AS (
    SELECT 'com' AS scope, t.code, coalesce(c.population, a.population, 0) AS habitants
    FROM cible t LEFT JOIN data.communes c ON c.code_insee = t.code LEFT JOIN data.arrondissements_plm a ON a.code = t.code
    WHERE 'com' = ANY($2)
    UNION ALL
    SELECT 'dep', c.code_insee, coalesce(c.population, 0)
    FROM cible t JOIN data.communes c ON c.departement = t.departement
    WHERE 'dep' = ANY($2)
),
totaux AS (
    SELECT scope, sum(habitants) AS habitants FROM membres GROUP BY scope
),
derniere AS (
    SELECT max(millesime) AS millesime FROM data.rp_demographics
)
SELECT m.scope, d.millesime AS annee, array_agg(DISTINCT d.source_id) AS sources,
       coalesce(sum(m.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part, max(t.habitants)::bigint AS habitants,
       d.modalite AS classe, d.sexe, round(sum(d.valeur), 6) AS personnes
FROM membres m JOIN totaux t USING (scope)
JOIN data.rp_details d ON d.code_insee = m.code JOIN derniere USING (millesime)
WHERE d.theme = 'age' AND d.sexe IN ('H', 'F') AND d.modalite IN ('0014', '1529', '3044', '4559', '6074', '7589', '90p')
GROUP BY m.scope, d.millesime, d.modalite, d.sexe
ORDER BY m.scope, d.modalite, d.sexe
