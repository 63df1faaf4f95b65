INSERT INTO {partition} (code_insee, date_effet, zone, mouvement, cog_annee, code_source, source_id)
SELECT DISTINCT ON (r.code_insee) r.code_insee, ($2::jsonb ->> 'millesime')::date,
       CASE replace(lower(s.zone), ' ', '') WHEN 'abis' THEN 'Abis' ELSE upper(trim(s.zone)) END,
       coalesce(s.mouvement, 'Non'), ($2::jsonb ->> 'cog')::int, data.code_commune(s.codgeo), $1
FROM {staging} s
JOIN data.rattachement_unique r ON r.code_source = data.code_commune(s.codgeo)
-- After a merger the zone of the commune that kept its code is the one in force.
ORDER BY r.code_insee, (data.code_commune(s.codgeo) = r.code_insee) DESC, s.codgeo
