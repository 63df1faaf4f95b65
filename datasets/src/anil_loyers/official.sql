-- A rent is not a count: after a merger the commune that kept its code speaks for the new one, marked as estimated.
INSERT INTO {partition} (code_insee, annee, segment, loyer_m2, borne_basse, borne_haute, type_prediction,
    nb_obs_commune, nb_obs_maille, r2, statut, cog_annee, code_source, source_id)
SELECT DISTINCT ON (r.code_insee) r.code_insee, ($2::jsonb ->> 'millesime')::int, $2::jsonb ->> 'partie',
       data.nombre(s.loypredm2), data.nombre(s.lwr_ipm2), data.nombre(s.upr_ipm2), lower(s.typpred),
       data.nombre(s.nbobs_com)::int, data.nombre(s.nbobs_mail)::int, data.nombre(s.r2_adj),
       CASE WHEN count(*) OVER (PARTITION BY r.code_insee) > 1 OR r.code_insee <> r.code_source OR r.estime
            THEN '{"loyer_m2": "est"}'::jsonb ELSE '{}' END,
       ($2::jsonb ->> 'cog')::int, r.code_source, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.principal AND r.code_source = data.code_commune(s.insee_c)
ORDER BY r.code_insee, (r.code_source = r.code_insee) DESC, data.nombre(s.nbobs_com) DESC, r.code_source
