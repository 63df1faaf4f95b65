INSERT INTO data.arrondissements (code, nom, departement, region, chef_lieu, source_id)
SELECT a.code, a.nom, a.departement, a.region, a."chefLieu", $1
FROM {staging} s,
     jsonb_to_recordset(s.contenu::jsonb) AS a (code text, nom text, departement text, region text, "chefLieu" text)
WHERE s.document = 'arrondissements' AND $2::jsonb IS NOT NULL
ON CONFLICT (code) DO UPDATE SET nom = excluded.nom, departement = excluded.departement, region = excluded.region,
    chef_lieu = excluded.chef_lieu, source_id = excluded.source_id
