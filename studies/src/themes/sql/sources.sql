-- $1: datasets of the study; $2: the commune. Parcels are loaded by commune or département: those of others are no source. The
-- edition before the one in service is known too: views made of it serve until they are made anew.
SELECT id, dataset, producteur, titre, millesime, licence, synthetique
FROM data.data_sources s
WHERE (active OR EXISTS (SELECT FROM data.data_sources n WHERE n.id = s.remplacee_par AND n.active)) AND dataset = ANY($1)
  AND (dataset <> 'parcelles' OR data.commune_mere(perimetre) = data.commune_mere($2)
       OR perimetre IN ('FR', (SELECT departement FROM data.communes WHERE code_insee = data.commune_mere($2))))
ORDER BY id
