-- $1 commune or arrondissement: which files speak of each scope.
WITH cible AS (
    SELECT c.departement, c.region, c.epci_siren FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
parties AS (
    SELECT 'com' AS scope, departement FROM cible
    UNION SELECT 'epci', c.departement FROM cible t JOIN data.communes c ON c.epci_siren = t.epci_siren
    UNION SELECT 'dep', departement FROM cible
    UNION SELECT 'reg', d.code FROM cible t JOIN data.departements d ON d.region = t.region
    UNION SELECT 'fr', code FROM data.departements
)
SELECT p.scope, s.dataset, array_agg(DISTINCT s.id) AS sources
FROM parties p
JOIN data.data_sources s ON s.active AND s.partie <> 'nomenclature' AND s.perimetre IN ('FR', p.departement, $1)
WHERE s.dataset IN ('communes', 'contours', 'population', 'bpe_equipements', 'rpps', 'finess')
GROUP BY p.scope, s.dataset
