INSERT INTO data.departements (code, nom, region, zone, chef_lieu, source_id)
SELECT d.code, d.nom, d.region, d.zone, d."chefLieu", $1
FROM {staging} s,
     jsonb_to_recordset(s.contenu::jsonb) AS d (code text, nom text, region text, zone text, "chefLieu" text)
WHERE s.document = 'departements' AND d.zone IN ('metro', 'drom') AND $2::jsonb IS NOT NULL
ON CONFLICT (code) DO UPDATE SET nom = excluded.nom, region = excluded.region, zone = excluded.zone,
    chef_lieu = excluded.chef_lieu, source_id = excluded.source_id
