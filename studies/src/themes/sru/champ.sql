-- Inhabitants of the commune, of its intercommunality and of the largest member.
SELECT 'com' AS scope, c.cog_annee AS annee, array_agg(DISTINCT m.source_id) AS sources, 1::numeric AS part,
       coalesce(c.population, 0)::bigint AS habitants, c.region = '11' AS ile_de_france, $1 <> c.code_insee AS arrondissement,
       coalesce(sum(m.population) FILTER (WHERE m.epci_siren = c.epci_siren), 0)::bigint AS habitants_epci,
       coalesce(max(m.population) FILTER (WHERE m.epci_siren = c.epci_siren), 0)::bigint AS plus_grande
FROM data.communes c JOIN data.communes m ON m.epci_siren = c.epci_siren OR m.code_insee = c.code_insee
WHERE c.code_insee = data.commune_mere($1) AND 'com' = ANY($2)
GROUP BY c.code_insee
