, annees AS (
    -- A year that has not reached December is not a year.
    SELECT annee FROM data.dvf GROUP BY annee HAVING max(date_mutation) >= make_date(annee::int, 12, 1)
),
fenetres(annee, fenetre) AS (
    SELECT annee::int, 1 FROM annees
    UNION ALL SELECT max(annee)::int, 3 FROM annees HAVING count(*) >= 3
    UNION ALL SELECT max(annee)::int, 5 FROM annees HAVING count(*) >= 5
),
portees AS (
    SELECT scope, code FROM unites
    WHERE scope IN ('com', 'epci', 'dep')
       OR NOT EXISTS (SELECT FROM data.data_sources s WHERE s.active AND s.dataset = 'dvf' AND s.perimetre <> 'FR')
    UNION ALL SELECT 'sim', unnest($3::text[])
),
ventes AS (
    SELECT p.scope, CASE WHEN p.scope = 'sim' THEN p.code END AS pair, v.annee, v.type_logement, v.prix_m2, v.source_id
    FROM portees p JOIN data.dvf v ON v.code_insee = p.code
    WHERE v.exploitable AND v.prix_m2 IS NOT NULL AND v.type_logement IS NOT NULL
),
mesures AS (
    SELECT v.scope, v.pair, f.annee, v.type_logement, f.fenetre, count(*) AS n, array_agg(DISTINCT v.source_id) AS sources,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY v.prix_m2) AS q
    FROM ventes v JOIN fenetres f ON v.annee BETWEEN f.annee - f.fenetre + 1 AND f.annee
    WHERE v.scope <> 'sim' OR f.annee = (SELECT max(annee) FROM annees)
    GROUP BY v.scope, v.pair, v.type_logement, f.annee, f.fenetre
)
SELECT scope, annee, sources, 1::numeric AS part, type_logement, fenetre, n, round(q[2]::numeric, 6) AS med,
       round(q[1]::numeric, 6) AS q1, round(q[3]::numeric, 6) AS q3
FROM mesures
ORDER BY scope, type_logement, annee, fenetre, pair
