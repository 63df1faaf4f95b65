, derniere AS (
    SELECT max(annee) AS annee FROM data.population_historique
)
SELECT m.scope, p.annee, array_agg(DISTINCT p.source_id) AS sources,
       coalesce(sum(m.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part,
       sum(p.population)::numeric AS pop
FROM membres m JOIN totaux t USING (scope)
JOIN data.population_historique p ON p.code_insee = m.code
JOIN derniere USING (annee)
GROUP BY m.scope, p.annee
ORDER BY m.scope, p.annee
