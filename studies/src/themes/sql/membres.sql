-- $1 commune or arrondissement; $2 the scopes wanted; $3, where a query reads it, the codes of the peers.
-- Scopes and the communes they are made of. `unites` has arrondissements in place of Paris, Lyon and Marseille, for the
-- files that know them only by arrondissement.
WITH cible AS (
    SELECT $1::text AS code, c.departement, c.region, c.epci_siren
    FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
membres AS (
    SELECT 'com' AS scope, t.code, t.departement, coalesce(c.population, a.population, 0) AS habitants
    FROM cible t LEFT JOIN data.communes c ON c.code_insee = t.code LEFT JOIN data.arrondissements_plm a ON a.code = t.code
    WHERE 'com' = ANY($2)
    UNION ALL
    SELECT 'epci', c.code_insee, c.departement, coalesce(c.population, 0)
    FROM cible t JOIN data.communes c ON c.epci_siren = t.epci_siren
    WHERE 'epci' = ANY($2)
    UNION ALL
    SELECT 'dep', c.code_insee, c.departement, coalesce(c.population, 0)
    FROM cible t JOIN data.communes c ON c.departement = t.departement
    WHERE 'dep' = ANY($2)
    UNION ALL
    SELECT 'reg', c.code_insee, c.departement, coalesce(c.population, 0)
    FROM cible t JOIN data.communes c ON c.region = t.region
    WHERE 'reg' = ANY($2)
    UNION ALL
    SELECT 'fr', c.code_insee, c.departement, coalesce(c.population, 0)
    FROM cible t CROSS JOIN data.communes c
    WHERE 'fr' = ANY($2)
),
totaux AS (
    SELECT scope, sum(habitants) AS habitants, count(*) AS communes FROM membres GROUP BY scope
),
unites AS (
    SELECT m.scope, coalesce(a.code, m.code) AS code, m.departement,
           CASE WHEN a.code IS NULL THEN m.habitants ELSE coalesce(a.population, 0) END AS habitants
    FROM membres m LEFT JOIN data.arrondissements_plm a ON a.parent = m.code
)
