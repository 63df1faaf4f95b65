-- A delegated or associated commune was a commune: its code leads to the one it joined. Without a year, it gives way to
-- any dated passage.
INSERT INTO data.commune_passage (code_ancien, annee_de, annee_a, code_actuel, ratio, motif, source_id)
SELECT DISTINCT d.code, 0, 9999, d."chefLieu", 1, d.type, $1
FROM {staging} s,
     jsonb_to_recordset(s.contenu::jsonb) AS d (code text, type text, "chefLieu" text)
WHERE s.document = 'communes' AND d.type IN ('commune-deleguee', 'commune-associee') AND d.code <> d."chefLieu"
  AND $2::jsonb IS NOT NULL
  AND NOT EXISTS (SELECT FROM data.communes c WHERE c.code_insee = d.code)
