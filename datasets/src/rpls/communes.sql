-- Counts add up over a merger. Rates do not, and their numerators are not in this file: after a merger those of the
-- largest part stand for the whole, marked as estimated; of a city published by arrondissement nothing is known.
WITH publies AS (SELECT data.code_commune(depcom_arm) AS code FROM {staging}),
lignes AS (
    SELECT p.code_insee, r.code_source, r.ratio, r.estime, p.ville, data.nombre(s.nb_ls) AS parc,
           s.tx_vac, s.tx_vac3, s.tx_mob, s.loymoy, to_jsonb(s) AS j
    FROM {staging} s
    JOIN data.rattachement_au(($2::jsonb ->> 'cog')::int) r ON r.code_source = data.code_commune(s.depcom_arm)
    CROSS JOIN LATERAL (
        SELECT r.code_insee, false AS ville
        UNION ALL
        SELECT data.commune_mere(r.code_insee), true
        WHERE data.commune_mere(r.code_insee) <> r.code_insee
          AND data.commune_mere(r.code_insee) NOT IN (SELECT code FROM publies)
    ) p
),
principales AS (
    SELECT DISTINCT ON (code_insee) code_insee, ville, tx_vac, tx_vac3, tx_mob, loymoy,
           count(*) OVER (PARTITION BY code_insee) > 1 OR code_source <> code_insee OR estime AS estime
    FROM lignes ORDER BY code_insee, parc DESC, code_source
),
taux AS (
    SELECT code_insee,
           CASE WHEN NOT ville THEN data.nombre(tx_vac) END AS tx_vac, CASE WHEN NOT ville THEN data.nombre(tx_vac3) END AS tx_vac3,
           CASE WHEN NOT ville THEN data.nombre(tx_mob) END AS tx_mob, CASE WHEN NOT ville THEN data.nombre(loymoy) END AS loymoy,
           jsonb_strip_nulls(jsonb_build_object(
               'tx_vac', CASE WHEN ville THEN 'nd' ELSE coalesce(data.statut(tx_vac), CASE WHEN estime THEN 'est' END) END,
               'tx_vac3', CASE WHEN ville THEN 'nd' ELSE coalesce(data.statut(tx_vac3), CASE WHEN estime THEN 'est' END) END,
               'tx_mob', CASE WHEN ville THEN 'nd' ELSE coalesce(data.statut(tx_mob), CASE WHEN estime THEN 'est' END) END,
               'loyer_moyen', CASE WHEN ville THEN 'nd' ELSE coalesce(data.statut(loymoy), CASE WHEN estime THEN 'est' END) END
           )) AS statut
    FROM principales
),
sommes AS (
    SELECT code_insee, string_agg(code_source, '+' ORDER BY code_source) AS code_source, bool_or(estime) AS estime,
           round(sum(parc * ratio))::int AS parc,
           CASE WHEN bool_and(data.nombre(j ->> 'nb_plai') IS NOT NULL) THEN round(sum(data.nombre(j ->> 'nb_plai') * ratio))::int END AS plai,
           CASE WHEN bool_and(data.nombre(j ->> 'nb_plus') IS NOT NULL) THEN round(sum(data.nombre(j ->> 'nb_plus') * ratio))::int END AS plus,
           CASE WHEN bool_and(data.nombre(j ->> 'nb_pls') IS NOT NULL) THEN round(sum(data.nombre(j ->> 'nb_pls') * ratio))::int END AS pls,
           CASE WHEN bool_and(data.nombre(j ->> 'nb_pli') IS NOT NULL) THEN round(sum(data.nombre(j ->> 'nb_pli') * ratio))::int END AS pli,
           max(data.statut(j ->> 'nb_plai')) AS s_plai, max(data.statut(j ->> 'nb_plus')) AS s_plus,
           max(data.statut(j ->> 'nb_pls')) AS s_pls, max(data.statut(j ->> 'nb_pli')) AS s_pli
    FROM lignes GROUP BY code_insee
)
INSERT INTO {partition} (code_insee, annee, nb_ls, tx_vac, tx_vac3, tx_mob, loyer_moyen, nb_plai, nb_plus, nb_pls, nb_pli,
    nb_autres, statut, cog_annee, code_source, source_id)
SELECT code_insee, ($2::jsonb ->> 'millesime')::int, s.parc, t.tx_vac, t.tx_vac3, t.tx_mob, t.loymoy, s.plai, s.plus, s.pls,
       s.pli, CASE WHEN s.parc >= s.plai + s.plus + s.pls + s.pli THEN s.parc - s.plai - s.plus - s.pls - s.pli END,
       t.statut || jsonb_strip_nulls(jsonb_build_object(
           'nb_ls', CASE WHEN s.estime THEN 'est' END, 'nb_vacants', 'nd', 'nb_plai', s_plai, 'nb_plus', s_plus,
           'nb_pls', s_pls, 'nb_pli', s_pli, 'nb_t1t2', 'nd', 'nb_dpe', 'nd', 'nb_dpe_efg', 'nd', 'nb_neufs', 'nd',
           'age_moyen', 'nd',
           'nb_autres', CASE WHEN s.plai + s.plus + s.pls + s.pli IS NULL OR s.parc < s.plai + s.plus + s.pls + s.pli
                             THEN coalesce(s_plai, s_plus, s_pls, s_pli, 'nd') END)),
       ($2::jsonb ->> 'cog')::int, s.code_source, $1
FROM sommes s JOIN taux t USING (code_insee)
