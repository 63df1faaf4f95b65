INSERT INTO {partition} (code_insee, date_effet, zone_avant, zone_apres, cog_annee, code_source, source_id)
SELECT DISTINCT ON (r.code_insee) r.code_insee, ($2::jsonb ->> 'millesime')::date,
       CASE replace(lower(s.zone_avant), ' ', '') WHEN 'abis' THEN 'Abis' ELSE upper(trim(s.zone_avant)) END,
       CASE replace(lower(s.zone_apres), ' ', '') WHEN 'abis' THEN 'Abis' ELSE upper(trim(s.zone_apres)) END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
ORDER BY r.code_insee, (r.code_source = r.code_insee) DESC, s.codgeo
