-- $1: datasets of the study; $2: the commune. Parcels are loaded commune by commune: those of others are no source.
SELECT id, dataset, producteur, titre, millesime, licence, synthetique
FROM data.data_sources
WHERE active AND dataset = ANY($1) AND (dataset <> 'parcelles' OR data.commune_mere(perimetre) = data.commune_mere($2))
ORDER BY id
