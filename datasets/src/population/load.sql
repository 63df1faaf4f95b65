-- Codes without a successor in the passage tables (mergers of the 1970s) are left out: before 2018 a sum may lack
-- them, so those years are marked as estimated.
INSERT INTO {partition} (code_insee, annee, population, statut, code_source, cog_annee, source_id)
SELECT r.code_insee, s.annee_cog::int, round(sum(data.nombre(s.pop) * r.ratio))::int,
       CASE WHEN s.annee_cog::int < 2018 OR min(r.ratio) < 1 THEN 'est' ELSE 'ok' END,
       string_agg(data.code_commune(s.codgeo), '+' ORDER BY s.codgeo), ($2::jsonb ->> 'cog')::int, $1
FROM {staging} s
JOIN data.rattachement r ON r.code_source = data.code_commune(s.codgeo)
WHERE data.nombre(s.pop) IS NOT NULL
GROUP BY r.code_insee, s.annee_cog
