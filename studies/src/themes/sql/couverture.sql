, jeux AS (
    SELECT DISTINCT dataset, perimetre FROM data.data_sources WHERE active
),
-- Départements that a producer leaves out: a region or the country is loaded without them.
exceptions(dataset, departement) AS (
    VALUES ('dvf', '57'), ('dvf', '67'), ('dvf', '68'), ('dvf', '976'), ('lovac', '976'), ('rp_housing', '976'),
           ('rp_demographics', '976'), ('filosofi', '971'), ('filosofi', '973'), ('filosofi', '976')
),
parties AS (
    SELECT DISTINCT scope, departement FROM membres
)
SELECT j.dataset, p.scope,
       bool_and(
           EXISTS (SELECT FROM jeux k
                   WHERE k.dataset = j.dataset
                     AND (k.perimetre IN ('FR', p.departement) OR (p.scope = 'com' AND k.perimetre = $1)))
           OR (p.scope IN ('reg', 'fr')
               AND EXISTS (SELECT FROM exceptions x WHERE x.dataset = j.dataset AND x.departement = p.departement))
       ) AS chargee
FROM (SELECT DISTINCT dataset FROM jeux) j CROSS JOIN parties p
GROUP BY j.dataset, p.scope
