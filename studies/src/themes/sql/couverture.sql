, jeux AS (
    SELECT dataset, array_agg(DISTINCT perimetre) AS perimetres FROM data.data_sources WHERE active GROUP BY dataset
),
-- Départements that a producer leaves out: a region or the country is loaded without them.
exceptions(dataset, departement) AS (
    VALUES ('dvf', '57'), ('dvf', '67'), ('dvf', '68'), ('dvf', '976'), ('lovac', '976'), ('rp_housing', '976'),
           ('rp_demographics', '976'), ('filosofi', '971'), ('filosofi', '973'), ('filosofi', '976')
),
departements AS MATERIALIZED (
    SELECT DISTINCT departement, region FROM data.communes
),
parties AS (
    SELECT 'com' AS scope, t.departement FROM cible t
    UNION ALL SELECT 'dep', t.departement FROM cible t
    UNION ALL SELECT DISTINCT 'epci', c.departement FROM cible t JOIN data.communes c ON c.epci_siren = t.epci_siren
    UNION ALL SELECT 'reg', d.departement FROM cible t JOIN departements d ON d.region = t.region
    UNION ALL SELECT DISTINCT 'fr', d.departement FROM departements d
)
SELECT j.dataset, p.scope,
       bool_and(
           j.perimetres && ARRAY['FR', p.departement] OR (p.scope = 'com' AND $1 = ANY (j.perimetres))
           OR (p.scope IN ('reg', 'fr') AND x.dataset IS NOT NULL)
       ) AS chargee
FROM jeux j CROSS JOIN parties p LEFT JOIN exceptions x ON x.dataset = j.dataset AND x.departement = p.departement
WHERE p.scope = ANY ($2)
GROUP BY j.dataset, p.scope
