WITH membres AS (
    SELECT m.code, e.code AS siren
    FROM {staging} s, jsonb_to_recordset(s.contenu::jsonb) AS e (code text, membres jsonb),
         jsonb_to_recordset(e.membres) AS m (code text)
    WHERE s.document = 'epci'
),
membres_ept AS (
    SELECT m.code, e.code AS siren
    FROM {staging} s, jsonb_to_recordset(s.contenu::jsonb) AS e (code text, membres jsonb),
         jsonb_to_recordset(e.membres) AS m (code text)
    WHERE s.document = 'ept'
)
INSERT INTO data.communes (code_insee, nom, nom_norm, departement, region, epci_siren, ept_siren, arrondissement, siren,
    population, codes_postaux, cog_annee, est_plm, source_id)
SELECT c.code, c.nom, data.nom_norm(c.nom), c.departement, c.region, m.siren, t.siren, c.arrondissement, c.siren, c.population,
       coalesce(c."codesPostaux", '{}'), ($2::jsonb ->> 'cog')::int, c.code IN ('75056', '69123', '13055'), $1
FROM {staging} s
CROSS JOIN jsonb_to_recordset(s.contenu::jsonb) AS c (code text, nom text, type text, zone text, departement text,
    region text, arrondissement text, siren text, population int, "codesPostaux" text[])
LEFT JOIN membres m ON m.code = c.code
LEFT JOIN membres_ept t ON t.code = c.code
WHERE s.document = 'communes' AND c.type = 'commune-actuelle' AND c.zone IN ('metro', 'drom')
ON CONFLICT (code_insee) DO UPDATE SET nom = excluded.nom, nom_norm = excluded.nom_norm,
    departement = excluded.departement, region = excluded.region, epci_siren = excluded.epci_siren,
    ept_siren = excluded.ept_siren,
    arrondissement = excluded.arrondissement, siren = excluded.siren, population = excluded.population,
    codes_postaux = excluded.codes_postaux, cog_annee = excluded.cog_annee, est_plm = excluded.est_plm,
    source_id = excluded.source_id
