, annees AS (
    SELECT p.scope, h.annee, ARRAY[h.source_id] AS sources, 1::numeric AS part, h.population::numeric AS pop,
           h.statut = 'est' AS estime
    FROM portees p JOIN data.population_historique h ON h.code_insee = p.code
    WHERE p.scope = 'com'
    UNION ALL
    SELECT p.scope, z.annee, z.sources, z.part, z.pop, z.estime
    FROM portees p JOIN data.mv_populations z ON z.niveau = p.niveau AND z.code = p.code
)
-- The long series is drawn for the territories at hand only.
SELECT * FROM annees WHERE annee = (SELECT max(annee) FROM annees) OR scope IN ('com', 'epci', 'dep')
ORDER BY scope, annee
