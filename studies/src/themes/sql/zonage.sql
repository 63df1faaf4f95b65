-- An arrondissement has the zone of its city.
SELECT m.scope, extract(year FROM z.date_effet)::int AS annee, ARRAY[z.source_id] AS sources, 1::numeric AS part,
       z.zone, z.zone_precedente, z.date_effet
FROM membres m JOIN data.zonage_abc z ON z.code_insee = data.commune_mere(m.code)
WHERE m.scope = 'com'
ORDER BY z.date_effet
