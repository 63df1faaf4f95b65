-- One vintage only, of the larger communes: what it lacks stays empty.
INSERT INTO {partition} (code_insee, millesime, cog_annee, pop, hommes, femmes, densite, code_source, statut, source_id)
SELECT r.code_insee, ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, sum(ratio * data.nombre(s.pop_tot)),
       sum(ratio * (data.nombre(s.pop_tot) - data.nombre(s.pop_femmes))), sum(ratio * data.nombre(s.pop_femmes)),
       round(sum(ratio * data.nombre(s.pop_tot)) / nullif((SELECT c.superficie_km2 FROM data.communes c WHERE c.code_insee = r.code_insee), 0), 2),
       string_agg(r.code_source, '+' ORDER BY r.code_source), CASE WHEN bool_or(r.estime) THEN 'est' ELSE 'ok' END, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.code_insee)
GROUP BY r.code_insee
