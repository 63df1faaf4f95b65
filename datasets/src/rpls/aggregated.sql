-- Numerators and denominators are published: rates are recomputed, so they stay right after a merger.
WITH sommes AS (
    SELECT r.code_insee, string_agg(r.code_source, '+' ORDER BY r.code_source) AS code_source, bool_or(r.estime) AS estime,
           round(sum(data.nombre(s.parc_hlm) * r.ratio))::int AS parc,
           round(sum(data.nombre(s.taux_de_vacance_numerateur) * r.ratio))::int AS vacants,
           nullif(sum(data.nombre(s.taux_de_vacance_denominateur) * r.ratio), 0) AS offerts,
           sum(data.nombre(s.taux_de_mobilite_numerateur) * r.ratio) AS mobiles,
           nullif(sum(data.nombre(s.taux_de_mobilite_denominateur) * r.ratio), 0) AS occupes,
           sum(data.nombre(s.loyer_total) * r.ratio) AS loyer,
           nullif(sum(data.nombre(s.surface_totale) * r.ratio), 0) AS surface,
           round(sum(data.nombre(s.t1t2) * r.ratio))::int AS t1t2,
           round(sum(data.nombre(s.dpe_efg) * r.ratio))::int AS efg,
           round(sum((data.nombre(s.dpe_abc) + data.nombre(s.dpe_d) + data.nombre(s.dpe_efg)) * r.ratio))::int AS dpe,
           round(sum(data.nombre(s.neufs) * r.ratio))::int AS neufs
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.depcom)
    GROUP BY r.code_insee
)
INSERT INTO {partition} (code_insee, annee, nb_ls, nb_vacants, tx_vac, tx_mob, loyer_moyen, nb_t1t2, nb_dpe, nb_dpe_efg,
    nb_neufs, statut, cog_annee, code_source, source_id)
SELECT code_insee, ($2::jsonb ->> 'millesime')::int, parc, vacants, round(100 * vacants / offerts, 4),
       round(100 * mobiles / occupes, 4), round(loyer / surface, 4), t1t2, dpe, efg, neufs,
       jsonb_strip_nulls(jsonb_build_object(
           'tx_vac3', 'nd', 'nb_plai', 'nd', 'nb_plus', 'nd', 'nb_pls', 'nd', 'nb_pli', 'nd', 'nb_autres', 'nd',
           'age_moyen', 'nd', 'nb_ls', CASE WHEN estime THEN 'est' END, 'nb_vacants', CASE WHEN estime THEN 'est' END,
           'tx_vac', CASE WHEN offerts IS NULL THEN 'nd' WHEN estime THEN 'est' END,
           'tx_mob', CASE WHEN occupes IS NULL THEN 'nd' WHEN estime THEN 'est' END,
           'loyer_moyen', CASE WHEN surface IS NULL THEN 'nd' WHEN estime THEN 'est' END,
           'nb_t1t2', CASE WHEN estime THEN 'est' END, 'nb_dpe', CASE WHEN estime THEN 'est' END,
           'nb_dpe_efg', CASE WHEN estime THEN 'est' END, 'nb_neufs', CASE WHEN estime THEN 'est' END)),
       ($2::jsonb ->> 'cog')::int, code_source, $1
FROM sommes WHERE parc > 0
