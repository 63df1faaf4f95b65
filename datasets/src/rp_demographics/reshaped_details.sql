INSERT INTO {partition} (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, statut, source_id)
SELECT r.code_insee, ($2::jsonb ->> 'millesime')::int, ($2::jsonb ->> 'cog')::int, 'age', a.modalite, 'T',
       sum(data.nombre(a.valeur) * r.ratio), CASE WHEN bool_or(r.estime) THEN 'est' ELSE 'ok' END, $1
FROM {staging} s
JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.code_insee)
CROSS JOIN LATERAL (VALUES ('0014', s.pop_0_14), ('1529', s.pop_15_29), ('75p', s.pop_75p)) AS a (modalite, valeur)
WHERE data.nombre(a.valeur) IS NOT NULL
GROUP BY r.code_insee, a.modalite
