-- An arrondissement has the zone of its city.
SELECT 'com' AS scope, extract(year FROM z.date_effet)::int AS annee, ARRAY[z.source_id] AS sources, 1::numeric AS part,
       z.zone, z.zone_precedente, z.date_effet
FROM data.zonage_abc z WHERE z.code_insee = data.commune_mere($1) AND 'com' = ANY($2)
ORDER BY z.date_effet
