INSERT INTO data.epci (siren, nom, type, mode_financement, population_municipale, cog_annee, source_id)
SELECT e.code, e.nom, e.type, e."modeFinancement", e."populationMunicipale", ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s,
     jsonb_to_recordset(s.contenu::jsonb)
         AS e (code text, nom text, type text, "modeFinancement" text, "populationMunicipale" int)
WHERE s.document = 'epci'
ON CONFLICT (siren) DO UPDATE SET nom = excluded.nom, type = excluded.type, mode_financement = excluded.mode_financement,
    population_municipale = excluded.population_municipale, cog_annee = excluded.cog_annee, source_id = excluded.source_id
