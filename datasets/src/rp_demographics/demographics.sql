INSERT INTO {partition} (code_insee, millesime, cog_annee, pop, pop_m5, pop_m10, millesime_m5, millesime_m10, hommes,
    femmes, naissances, deces, naissances_m5, deces_m5, densite, code_source, statut, source_id)
SELECT r.code_insee, s.millesime, ($2::jsonb ->> 'cog')::int, sum(ratio * pop), sum(ratio * pop_m5), sum(ratio * pop_m10),
       s.millesime_m5, s.millesime_m10, sum(ratio * hommes), sum(ratio * femmes), sum(ratio * naissances),
       sum(ratio * deces), sum(ratio * naissances_m5), sum(ratio * deces_m5),
       round(sum(ratio * pop) / nullif((SELECT c.superficie_km2 FROM data.communes c WHERE c.code_insee = r.code_insee), 0), 2),
       string_agg(r.code_source, '+' ORDER BY r.code_source), CASE WHEN bool_or(r.estime) THEN 'est' ELSE 'ok' END, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.codgeo)
GROUP BY r.code_insee, s.millesime, s.millesime_m5, s.millesime_m10
