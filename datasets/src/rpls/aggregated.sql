-- Numerators and denominators are published: rates are recomputed, so they stay right after a merger.
WITH sommes AS (
    SELECT r.code_insee, string_agg(r.code_source, '+' ORDER BY r.code_source) AS code_source,
           round(sum(data.nombre(s.parc_hlm) * r.ratio))::int AS parc,
           sum(data.nombre(s.taux_de_vacance_numerateur))::int AS vacants,
           nullif(sum(data.nombre(s.taux_de_vacance_denominateur)), 0) AS offerts,
           sum(data.nombre(s.taux_de_mobilite_numerateur)) AS mobiles,
           nullif(sum(data.nombre(s.taux_de_mobilite_denominateur)), 0) AS occupes,
           sum(data.nombre(s.loyer_total)) AS loyer, nullif(sum(data.nombre(s.surface_totale)), 0) AS surface
    FROM {staging} s JOIN data.rattachement r ON r.code_source = data.code_commune(s.depcom)
    GROUP BY r.code_insee
)
INSERT INTO {partition} (code_insee, annee, nb_ls, nb_vacants, tx_vac, tx_mob, loyer_moyen, statut, cog_annee, code_source,
    source_id)
SELECT code_insee, ($2::jsonb ->> 'millesime')::int, parc, vacants, round(100 * vacants / offerts, 4),
       round(100 * mobiles / occupes, 4), round(loyer / surface, 4),
       jsonb_strip_nulls(jsonb_build_object('tx_vac3', 'nd', 'nb_plai', 'nd', 'nb_plus', 'nd', 'nb_pls', 'nd',
           'nb_pli', 'nd', 'tx_vac', CASE WHEN offerts IS NULL THEN 'nd' END,
           'tx_mob', CASE WHEN occupes IS NULL THEN 'nd' END, 'loyer_moyen', CASE WHEN surface IS NULL THEN 'nd' END)),
       ($2::jsonb ->> 'cog')::int, code_source, $1
FROM sommes WHERE parc > 0
