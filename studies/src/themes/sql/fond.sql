-- $1 commune or arrondissement: which outlines the map shows.
SELECT m.kind, m.annee, s.titre || ', ' || s.producteur AS source
FROM data.contours_meta m
JOIN data.communes c ON c.departement = m.departement AND c.contour_source_id = m.source_id
JOIN data.data_sources s ON s.id = m.source_id
WHERE c.code_insee = data.commune_mere($1)
