-- This file has the predicted rent and nothing of its reliability: the other figures are « nd », never zero.
INSERT INTO {partition} (code_insee, annee, segment, loyer_m2, statut, cog_annee, code_source, source_id)
SELECT DISTINCT ON (r.code_insee, s.annee, v.segment) r.code_insee, s.annee::int, v.segment, data.nombre(v.loyer),
       '{"borne_basse": "nd", "borne_haute": "nd", "type_prediction": "nd", "nb_obs_commune": "nd", "nb_obs_maille": "nd", "r2": "nd"}'::jsonb
       || CASE WHEN count(*) OVER (PARTITION BY r.code_insee, s.annee, v.segment) > 1 OR r.code_insee <> r.code_source OR r.estime
               THEN '{"loyer_m2": "est"}'::jsonb ELSE '{}' END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.principal AND r.code_source = data.code_commune(s.insee_c)
CROSS JOIN LATERAL (VALUES ('app', s.loypredm2_app), ('mai', s.loypredm2_mai)) AS v (segment, loyer)
WHERE data.nombre(v.loyer) IS NOT NULL
ORDER BY r.code_insee, s.annee, v.segment, (r.code_source = r.code_insee) DESC, r.code_source
