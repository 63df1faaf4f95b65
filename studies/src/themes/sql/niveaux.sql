-- $1 commune or arrondissement; $2 the scopes wanted; $3 the codes of the peers.
-- Scopes, and the rows that hold them in the materialised views whose sums exist at every level.
WITH cible AS (
    SELECT $1::text AS code, c.departement, c.region, c.epci_siren
    FROM data.communes c WHERE c.code_insee = data.commune_mere($1)
),
portees AS (
    SELECT v.scope, v.niveau, v.code
    FROM cible t CROSS JOIN LATERAL (VALUES ('com', 'com', t.code), ('epci', 'epci', t.epci_siren), ('dep', 'dep', t.departement),
                                            ('reg', 'reg', t.region), ('fr', 'fr', 'FR')) AS v(scope, niveau, code)
    WHERE v.scope = ANY($2)
    UNION ALL SELECT 'sim', 'com', unnest($3::text[])
)
