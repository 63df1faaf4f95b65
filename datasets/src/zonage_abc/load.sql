-- Which zone a commune had before the decree is in a list of its own, and only for those it moved. After a merger the
-- zone of the commune that kept its code is the one in force.
INSERT INTO {partition} (code_insee, date_effet, zone, zone_precedente, mouvement, cog_annee, code_source, source_id)
SELECT DISTINCT ON (r.code_insee) r.code_insee, ($2::jsonb ->> 'millesime')::date,
       CASE replace(lower(s.zone), ' ', '') WHEN 'abis' THEN 'Abis' ELSE upper(trim(s.zone)) END,
       m.zone_avant, coalesce(s.mouvement, 'Non'), ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
LEFT JOIN data.zonage_abc_mouvements m
       ON m.code_insee = r.code_insee AND m.date_effet = ($2::jsonb ->> 'millesime')::date
ORDER BY r.code_insee, (r.code_source = r.code_insee) DESC, s.codgeo
