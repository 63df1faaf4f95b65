INSERT INTO data.ept (siren, nom, epci_siren, population_municipale, cog_annee, source_id)
SELECT e.code, e.nom, '200054781', (SELECT sum((m ->> 'populationMunicipale')::int) FROM jsonb_array_elements(e.membres) m),
       ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s, jsonb_to_recordset(s.contenu::jsonb) AS e (code text, nom text, membres jsonb)
WHERE s.document = 'ept'
ON CONFLICT (siren) DO UPDATE SET nom = excluded.nom, epci_siren = excluded.epci_siren,
    population_municipale = excluded.population_municipale, cog_annee = excluded.cog_annee, source_id = excluded.source_id
