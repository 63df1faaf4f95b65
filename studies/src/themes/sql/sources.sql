-- $1: datasets of the study.
SELECT id, dataset, producteur, titre, millesime, licence, synthetique
FROM data.data_sources WHERE active AND dataset = ANY($1) ORDER BY id
