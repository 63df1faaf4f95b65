-- $1 commune or arrondissement: the communes that share a border with it, the most populous first.
SELECT c.code_insee AS code, c.nom, coalesce(c.population, 0)::bigint AS population,
       c.epci_siren IS NOT DISTINCT FROM own.epci_siren AS meme_epci
FROM data.communes own
JOIN data.communes_voisines v ON v.code_insee = own.code_insee
JOIN data.communes c ON c.code_insee = v.voisine
WHERE own.code_insee = data.commune_mere($1)
ORDER BY population DESC, c.code_insee
