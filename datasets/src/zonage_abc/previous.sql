-- The lists may come after the zoning they explain.
UPDATE data.zonage_abc z SET zone_precedente = m.zone_avant
FROM data.zonage_abc_mouvements m
WHERE m.source_id = $1 AND $2::jsonb IS NOT NULL AND z.code_insee = m.code_insee AND z.date_effet = m.date_effet
