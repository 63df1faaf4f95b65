-- Counts add up over a merger; rates do not, and their numerators are not in this file.
WITH lignes AS (
    SELECT r.code_insee, r.code_source, r.ratio, s.*, to_jsonb(s) AS j
    FROM {staging} s JOIN data.rattachement r ON r.code_source = data.code_commune(s.depcom_arm)
)
INSERT INTO {partition} (code_insee, annee, nb_ls, tx_vac, tx_vac3, tx_mob, loyer_moyen, nb_plai, nb_plus, nb_pls, nb_pli,
    statut, cog_annee, code_source, source_id)
SELECT code_insee, ($2::jsonb ->> 'millesime')::int, round(sum(data.nombre(nb_ls) * ratio))::int,
       CASE WHEN count(*) = 1 THEN max(data.nombre(tx_vac)) END, CASE WHEN count(*) = 1 THEN max(data.nombre(tx_vac3)) END,
       CASE WHEN count(*) = 1 THEN max(data.nombre(tx_mob)) END, CASE WHEN count(*) = 1 THEN max(data.nombre(loymoy)) END,
       sum(data.nombre(j ->> 'nb_plai'))::int, sum(data.nombre(j ->> 'nb_plus'))::int,
       sum(data.nombre(j ->> 'nb_pls'))::int, sum(data.nombre(j ->> 'nb_pli'))::int,
       jsonb_strip_nulls(jsonb_build_object('nb_vacants', 'nd',
           'tx_vac', CASE WHEN count(*) > 1 THEN 'nd' ELSE max(data.statut(tx_vac)) END,
           'tx_vac3', CASE WHEN count(*) > 1 THEN 'nd' ELSE max(data.statut(tx_vac3)) END,
           'tx_mob', CASE WHEN count(*) > 1 THEN 'nd' ELSE max(data.statut(tx_mob)) END,
           'loyer_moyen', CASE WHEN count(*) > 1 THEN 'nd' ELSE max(data.statut(loymoy)) END,
           'nb_plai', max(data.statut(j ->> 'nb_plai')), 'nb_plus', max(data.statut(j ->> 'nb_plus')),
           'nb_pls', max(data.statut(j ->> 'nb_pls')), 'nb_pli', max(data.statut(j ->> 'nb_pli')))),
       ($2::jsonb ->> 'cog')::int, string_agg(code_source, '+' ORDER BY code_source), $1
FROM lignes GROUP BY code_insee
