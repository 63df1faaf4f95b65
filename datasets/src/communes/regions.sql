INSERT INTO data.regions (code, nom, zone, source_id)
SELECT r.code, r.nom, r.zone, $1
FROM {staging} s, jsonb_to_recordset(s.contenu::jsonb) AS r (code text, nom text, zone text)
WHERE s.document = 'regions' AND r.zone IN ('metro', 'drom') AND $2::jsonb IS NOT NULL
ON CONFLICT (code) DO UPDATE SET nom = excluded.nom, zone = excluded.zone, source_id = excluded.source_id
