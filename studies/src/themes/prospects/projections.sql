-- $1 commune or arrondissement; $2 the scopes wanted. The département and the région, a sum of its départements; nothing
-- is projected below them.
WITH cible AS (
    SELECT c.departement, c.region FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
departements AS (
    SELECT 'dep' AS scope, departement AS code FROM cible WHERE 'dep' = ANY($2)
    UNION ALL SELECT 'reg', d.code FROM cible t JOIN data.departements d ON d.region = t.region WHERE 'reg' = ANY($2)
),
habitants AS (
    SELECT d.scope, d.code, coalesce(sum(c.population), 0) AS habitants
    FROM departements d JOIN data.communes c ON c.departement = d.code GROUP BY d.scope, d.code
),
totaux AS (
    SELECT scope, sum(habitants) AS habitants FROM habitants GROUP BY scope
)
SELECT h.scope, s.annee, array_agg(DISTINCT s.source_id) AS sources,
       coalesce(sum(h.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part, s.scenario, min(s.base_rp)::int AS base,
       round(sum(s.population), 6) AS population,
       CASE WHEN count(s.agees) = count(*) THEN round(sum(s.agees), 6) END AS agees
FROM habitants h JOIN totaux t USING (scope)
JOIN data.mv_projections s ON s.code_zone = h.code
WHERE s.annee = s.base_rp OR s.annee % 10 = 0 AND s.annee <= 2050
GROUP BY h.scope, s.annee, s.scenario
ORDER BY h.scope, s.annee, s.scenario
