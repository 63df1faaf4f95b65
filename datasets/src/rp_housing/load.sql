-- Counts add up over a merger.
INSERT INTO {partition} (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, maison, appart, rp_1p, rp_2p, rp_3p,
    rp_4p, rp_5pp, nbpi_rp, rp_prop, rp_loc, rp_hlm, rp_grat, men, pmen, rp_hstu1p, rp_hstu1p_surocc, ach, anem,
    code_source, statut, source_id)
SELECT r.code_insee, s.millesime, ($2::jsonb ->> 'cog')::int, sum(ratio * log), sum(ratio * rp), sum(ratio * rsecocc),
       sum(ratio * logvac), sum(ratio * maison), sum(ratio * appart), sum(ratio * rp_1p), sum(ratio * rp_2p),
       sum(ratio * rp_3p), sum(ratio * rp_4p), sum(ratio * rp_5pp), sum(ratio * nbpi_rp), sum(ratio * rp_prop),
       sum(ratio * rp_loc), sum(ratio * rp_lochlmv), sum(ratio * rp_grat), sum(ratio * men), sum(ratio * pmen),
       sum(ratio * rp_hstu1p), sum(ratio * rp_hstu1p_surocc),
       data.somme_documents(array_agg(s.ach), array_agg(r.ratio)), data.somme_documents(array_agg(s.anem), array_agg(r.ratio)),
       string_agg(r.code_source, '+' ORDER BY r.code_source), CASE WHEN bool_or(r.estime) THEN 'est' ELSE 'ok' END, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
GROUP BY r.code_insee, s.millesime
