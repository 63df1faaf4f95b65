-- Materialised views, second rank: what studies and pages read of a territory, one row each, every figure beside its
-- status (ok, s, nd, ns, ab, nc, est) and `reference_version`, the state of the data that the row was made from.

-- The status of a figure made of two others: the worse one.
CREATE FUNCTION data.pire_statut(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN 'nc' IN (a, b) THEN 'nc' WHEN 'ab' IN (a, b) THEN 'ab' WHEN 's' IN (a, b) THEN 's'
               WHEN 'nd' IN (a, b) THEN 'nd' WHEN 'ns' IN (a, b) THEN 'ns' WHEN 'est' IN (a, b) THEN 'est' ELSE 'ok' END $$;

-- The status beside a figure: its own mark when the file gives one, `nd` for a figure that an existing row lacks, `nc` or
-- `ab` without a row.
CREATE FUNCTION data.statut_figure(figure numeric, marque text, absent text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN absent IS NOT NULL THEN absent WHEN figure IS NULL THEN coalesce(marque, 'nd')
               ELSE coalesce(marque, 'ok') END $$;

CREATE MATERIALIZED VIEW data.mv_housing_diagnostic AS
WITH annees AS (
    SELECT annee::int FROM (SELECT millesime AS annee FROM data.rp_housing UNION SELECT annee FROM data.lovac
                            UNION SELECT annee FROM data.rpls UNION SELECT annee FROM data.anil_loyers
                            UNION SELECT millesime FROM data.filosofi UNION SELECT annee FROM data.mv_dvf_commune_annee
                            UNION SELECT annee FROM data.mv_sitadel_commune_annee) AS a (annee) WHERE annee >= 2014
), hors AS (
    SELECT departement, array_agg(dataset) AS datasets FROM data.non_couverts GROUP BY departement
), base AS (
    SELECT t.code, t.commune, a.annee, coalesce(h.datasets, '{}') AS hors
    FROM data.territoires t JOIN data.communes c ON c.code_insee = t.commune CROSS JOIN annees a
    LEFT JOIN hors h ON h.departement = c.departement
), logements AS (
    SELECT DISTINCT ON (code_insee, millesime) * FROM data.rp_housing WHERE millesime >= 2014
    ORDER BY code_insee, millesime, source_id DESC
), fiscal AS (
    -- Of two files that tell the same year, the newer.
    SELECT DISTINCT ON (code_insee, annee) code_insee, annee, pp_total, pp_vacant, pp_vacant_2ans, statut
    FROM data.lovac_publiable ORDER BY code_insee, annee, millesime_fichier DESC, source_id DESC
), social AS (
    SELECT DISTINCT ON (code_insee, annee) * FROM data.rpls ORDER BY code_insee, annee, source_id DESC
), social_couvert AS (
    SELECT DISTINCT k.code_insee, r.annee
    FROM (SELECT DISTINCT annee, source_id FROM data.rpls) r JOIN data.couverture k ON k.source_id = r.source_id
), loyers AS (
    SELECT DISTINCT ON (code_insee, annee, segment) code_insee, annee, segment, loyer_m2, statut ->> 'loyer_m2' AS marque
    FROM data.anil_loyers WHERE segment IN ('app', 'mai') ORDER BY code_insee, annee, segment, source_id DESC
), revenus AS (
    SELECT DISTINCT ON (code_insee, millesime) code_insee, millesime, med, statuts ->> 'med' AS marque,
           -- The next newer vintage takes over from there.
           4000 AS fin
    FROM data.filosofi ORDER BY code_insee, millesime, source_id DESC
), revenus_dates AS (
    SELECT code_insee, millesime, med, marque,
           coalesce(lead(millesime) OVER (PARTITION BY code_insee ORDER BY millesime) - 1, fin) AS jusque FROM revenus
), ventes_couvertes AS (
    SELECT DISTINCT k.code_insee, a.annee FROM data.couverture k JOIN annees a ON k.annees @> a.annee WHERE k.dataset = 'dvf'
), permis_couverts AS (
    SELECT DISTINCT k.code_insee, a.annee FROM data.couverture k JOIN data.data_sources s ON s.id = k.source_id
    JOIN annees a ON a.annee BETWEEN (SELECT min(annee) FROM data.mv_sitadel_commune_annee) AND left(s.millesime, 4)::int
    WHERE k.dataset = 'sitadel' AND s.millesime ~ '^\d{4}'
), lignes AS (
    SELECT b.code, b.annee, h.log, h.rp, h.rsecocc, h.logvac, h.maison, h.appart, h.rp_prop, h.rp_loc, h.rp_hlm, h.rp_grat,
           h.rp_1p, h.rp_2p, h.rp_3p, h.rp_4p, h.rp_5pp, h.ach, h.statut AS h_marque,
           CASE WHEN h.code_insee IS NULL THEN CASE WHEN 'rp_housing' = ANY (b.hors) THEN 'nc' ELSE 'ab' END END AS h_absent,
           -- The last published year may have vacancy without stock: that of the year before stands for it.
           coalesce(f.pp_total, CASE WHEN f.statut ->> 'pp_total' IS DISTINCT FROM 's' THEN p.pp_total END) AS lov_parc,
           CASE WHEN f.pp_total IS NULL AND f.statut ->> 'pp_total' IS DISTINCT FROM 's' AND p.pp_total IS NOT NULL THEN 'est'
                ELSE f.statut ->> 'pp_total' END AS parc_marque,
           f.pp_vacant, f.statut ->> 'pp_vacant' AS vac_marque, f.pp_vacant_2ans, f.statut ->> 'pp_vacant_2ans' AS vac2_marque,
           CASE WHEN f.code_insee IS NULL THEN CASE WHEN 'lovac' = ANY (b.hors) THEN 'nc' ELSE 'ab' END END AS f_absent,
           CASE WHEN s.code_insee IS NULL AND sc.code_insee IS NOT NULL THEN 0 ELSE s.nb_ls END AS nb_ls, s.nb_vacants, s.tx_mob,
           s.loyer_moyen, coalesce(s.statut, '{}') AS s_statut, s.code_insee IS NULL AS s_vide,
           CASE WHEN s.code_insee IS NULL AND sc.code_insee IS NULL THEN 'ab' END AS s_absent,
           CASE WHEN vc.code_insee IS NULL AND vm.n IS NULL AND va.n IS NULL AND vv.n IS NULL
                THEN CASE WHEN 'dvf' = ANY (b.hors) THEN 'nc' ELSE 'ab' END END AS v_absent,
           vm.n AS m_n, vm.q1 AS m_q1, vm.med AS m_med, vm.q3 AS m_q3, va.n AS a_n, va.q1 AS a_q1, va.med AS a_med,
           va.q3 AS a_q3, vv.n AS vefa_n, la.loyer_m2 AS loyer_app, la.marque AS la_marque, la.code_insee IS NULL AS la_vide,
           lm.loyer_m2 AS loyer_mai, lm.marque AS lm_marque, lm.code_insee IS NULL AS lm_vide,
           r.med AS revenu, r.millesime AS revenu_millesime, r.marque AS r_marque,
           CASE WHEN r.code_insee IS NULL THEN CASE WHEN 'filosofi' = ANY (b.hors) THEN 'nc' ELSE 'ab' END END AS r_absent,
           CASE WHEN pc.code_insee IS NULL AND d.code_insee IS NULL THEN 'ab' END AS p_absent,
           d.autorises, d.commences, d.sociaux, d.provisoire OR d.sans_nombre > 0 AS p_estime
    FROM base b
    LEFT JOIN logements h ON h.code_insee = b.code AND h.millesime = b.annee
    LEFT JOIN fiscal f ON f.code_insee = b.code AND f.annee = b.annee
    LEFT JOIN fiscal p ON p.code_insee = b.code AND p.annee = b.annee - 1
    LEFT JOIN social s ON s.code_insee = b.code AND s.annee = b.annee
    LEFT JOIN social_couvert sc ON sc.code_insee = b.commune AND sc.annee = b.annee
    LEFT JOIN ventes_couvertes vc ON vc.code_insee = b.commune AND vc.annee = b.annee
    LEFT JOIN data.mv_dvf_commune_annee vm ON vm.code_insee = b.code AND vm.annee = b.annee AND vm.type = 'maison'
    LEFT JOIN data.mv_dvf_commune_annee va ON va.code_insee = b.code AND va.annee = b.annee AND va.type = 'appartement'
    LEFT JOIN data.mv_dvf_commune_annee vv ON vv.code_insee = b.code AND vv.annee = b.annee AND vv.type = 'vefa'
    LEFT JOIN loyers la ON la.code_insee = b.code AND la.annee = b.annee AND la.segment = 'app'
    LEFT JOIN loyers lm ON lm.code_insee = b.code AND lm.annee = b.annee AND lm.segment = 'mai'
    LEFT JOIN revenus_dates r ON r.code_insee = b.code AND b.annee BETWEEN r.millesime AND r.jusque
    LEFT JOIN permis_couverts pc ON pc.code_insee = b.commune AND pc.annee = b.annee
    LEFT JOIN data.mv_sitadel_commune_annee d ON d.code_insee = b.code AND d.annee = b.annee
)
SELECT code AS code_insee, annee, log, rp, rsecocc, logvac, maison, appart, rp_prop, rp_loc - rp_hlm AS rp_loc_prive, rp_hlm,
       rp_grat, rp_1p, rp_2p, rp_3p, rp_4p, rp_5pp, ach, data.statut_figure(log, nullif(h_marque, 'ok'), h_absent) AS rp_statut,
       lov_parc, data.statut_figure(lov_parc, parc_marque, f_absent) AS lov_parc_statut,
       pp_vacant AS lov_vac, data.statut_figure(pp_vacant, vac_marque, f_absent) AS lov_vac_statut,
       pp_vacant_2ans AS lov_vac2, data.statut_figure(pp_vacant_2ans, vac2_marque, f_absent) AS lov_vac2_statut,
       nb_ls AS rpls_nb, data.statut_figure(nb_ls, s_statut ->> 'nb_ls', s_absent) AS rpls_nb_statut,
       nb_vacants AS rpls_vac, CASE WHEN s_vide AND s_absent IS NULL THEN 'nd'
           ELSE data.statut_figure(nb_vacants, s_statut ->> 'nb_vacants', s_absent) END AS rpls_vac_statut,
       tx_mob AS rpls_mob, data.statut_figure(tx_mob, s_statut ->> 'tx_mob', s_absent) AS rpls_mob_statut,
       loyer_moyen AS rpls_loyer, data.statut_figure(loyer_moyen, s_statut ->> 'loyer_moyen', s_absent) AS rpls_loyer_statut,
       coalesce(v_absent, 'ok') AS ventes_statut,
       CASE WHEN v_absent IS NULL THEN coalesce(m_n, 0) END AS maisons_n, m_q1 AS maisons_q1, m_med AS maisons_med,
       m_q3 AS maisons_q3, data.statut_figure(m_med, CASE WHEN m_med IS NULL THEN 'ns' END, v_absent) AS maisons_statut,
       CASE WHEN v_absent IS NULL THEN coalesce(a_n, 0) END AS apparts_n, a_q1 AS apparts_q1, a_med AS apparts_med,
       a_q3 AS apparts_q3, data.statut_figure(a_med, CASE WHEN a_med IS NULL THEN 'ns' END, v_absent) AS apparts_statut,
       CASE WHEN v_absent IS NULL THEN coalesce(vefa_n, 0) END AS vefa_n,
       loyer_app, data.statut_figure(loyer_app, la_marque, CASE WHEN la_vide THEN 'ab' END) AS loyer_app_statut,
       loyer_mai, data.statut_figure(loyer_mai, lm_marque, CASE WHEN lm_vide THEN 'ab' END) AS loyer_mai_statut,
       revenu, revenu_millesime, data.statut_figure(revenu, r_marque, r_absent) AS revenu_statut,
       -- Years of median standard of living for a flat of 70 m².
       round(70 * a_med / nullif(revenu, 0), 2) AS prix_revenu,
       data.pire_statut(data.statut_figure(a_med, CASE WHEN a_med IS NULL THEN 'ns' END, v_absent),
                        data.statut_figure(revenu, r_marque, r_absent)) AS prix_revenu_statut,
       -- Rent of 52 m² against the income of a couple (1.5 consumption units) of the median standard of living, in %.
       round(100 * 12 * 52 * loyer_app / nullif(1.5 * revenu, 0), 2) AS effort_locatif,
       data.pire_statut(data.statut_figure(loyer_app, la_marque, CASE WHEN la_vide THEN 'ab' END),
                        data.statut_figure(revenu, r_marque, r_absent)) AS effort_locatif_statut,
       CASE WHEN p_absent IS NULL THEN coalesce(autorises, 0) END AS autorises,
       CASE WHEN p_absent IS NULL THEN coalesce(commences, 0) END AS commences,
       CASE WHEN p_absent IS NULL THEN coalesce(sociaux, 0) END AS sociaux,
       coalesce(p_absent, CASE WHEN p_estime THEN 'est' ELSE 'ok' END) AS permis_statut,
       (SELECT max(id) FROM data.reference_version) AS reference_version
FROM lignes;
CREATE UNIQUE INDEX mv_housing_diagnostic_cle ON data.mv_housing_diagnostic (code_insee, annee);

-- The same above the commune, from numerators and denominators. A figure of every member is exact. A total with a secret
-- member is not told. What covers nine tenths of the inhabitants (99 % for a total) is our estimate (`est`); less is
-- not told. `part` says what share of the inhabitants each ratio is made of.
CREATE MATERIALIZED VIEW data.mv_housing_zone AS
WITH membres AS (
    SELECT 'epci' AS niveau, epci_siren AS zone, code_insee, population FROM data.communes WHERE epci_siren IS NOT NULL
    UNION ALL SELECT 'dep', departement, code_insee, population FROM data.communes
    UNION ALL SELECT 'reg', region, code_insee, population FROM data.communes
    UNION ALL SELECT 'fr', 'FR', code_insee, population FROM data.communes
), zones AS (
    SELECT niveau, zone, count(*) AS communes, sum(population)::numeric AS habitants FROM membres GROUP BY niveau, zone
), figures AS (
    SELECT d.code_insee, d.annee, v.figure, v.compte, v.statut,
           CASE WHEN v.statut IN ('ok', 'est') AND v.base > 0 THEN v.valeur END AS valeur,
           CASE WHEN v.statut IN ('ok', 'est') AND v.valeur IS NOT NULL THEN v.base END AS base
    FROM data.mv_housing_diagnostic d
    CROSS JOIN LATERAL (VALUES
        ('log', true, d.log, 1, d.rp_statut), ('rp', true, d.rp, 1, d.rp_statut),
        ('tx_rs', false, d.rsecocc, d.log, d.rp_statut), ('tx_vac', false, d.logvac, d.log, d.rp_statut),
        ('maison', false, d.maison, d.log, d.rp_statut), ('proprio', false, d.rp_prop, d.rp, d.rp_statut),
        ('loc_prive', false, d.rp_loc_prive, d.rp, d.rp_statut), ('loc_hlm', false, d.rp_hlm, d.rp, d.rp_statut),
        ('lov_parc', true, d.lov_parc, 1, d.lov_parc_statut), ('lov_vac', true, d.lov_vac, 1, d.lov_vac_statut),
        ('lov_vac2', true, d.lov_vac2, 1, d.lov_vac2_statut),
        ('lov_tx', false, d.lov_vac, d.lov_parc, data.pire_statut(d.lov_vac_statut, d.lov_parc_statut)),
        ('lov_tx2', false, d.lov_vac2, d.lov_parc, data.pire_statut(d.lov_vac2_statut, d.lov_parc_statut)),
        ('rpls_nb', true, d.rpls_nb, 1, d.rpls_nb_statut),
        ('rpls_mob', false, d.rpls_mob * d.rpls_nb / 100, d.rpls_nb, data.pire_statut(d.rpls_mob_statut, d.rpls_nb_statut)),
        ('rpls_loyer', false, d.rpls_loyer * d.rpls_nb / 100, d.rpls_nb,
         data.pire_statut(d.rpls_loyer_statut, d.rpls_nb_statut)),
        ('autorises', true, d.autorises, 1, d.permis_statut), ('commences', true, d.commences, 1, d.permis_statut)
    ) AS v (figure, compte, valeur, base, statut)
), sommes AS (
    SELECT m.niveau, m.zone, f.annee, f.figure, f.compte, sum(f.valeur) AS valeur, sum(f.base) AS base,
           -- A member whose denominator is a true zero adds nothing and is missing from nothing.
           count(*) FILTER (WHERE f.valeur IS NOT NULL OR f.base = 0) AS connus,
           coalesce(sum(m.population) FILTER (WHERE f.valeur IS NOT NULL OR f.base = 0), 0) AS habitants,
           bool_or(f.statut = 's') AS secret, bool_or(f.statut = 'est') AS estime, bool_and(f.statut = 'nc') AS hors
    FROM figures f JOIN membres m ON m.code_insee = f.code_insee
    GROUP BY m.niveau, m.zone, f.annee, f.figure, f.compte
), jugees AS (
    SELECT s.*, round(s.habitants / nullif(z.habitants, 0), 4) AS part, s.connus = z.communes AS complet,
           CASE WHEN s.connus = z.communes THEN CASE WHEN s.estime THEN 'est' ELSE 'ok' END
                WHEN s.compte AND s.secret THEN 's'
                WHEN s.habitants >= CASE WHEN s.compte THEN 0.99 ELSE 0.9 END * z.habitants AND s.valeur IS NOT NULL THEN 'est'
                WHEN s.secret THEN 's' WHEN s.hors THEN 'nc' ELSE 'ab' END AS statut
    FROM sommes s JOIN zones z USING (niveau, zone)
), figures_zone AS (
    SELECT niveau, zone, annee, figure, statut, part,
           CASE WHEN statut IN ('ok', 'est') THEN CASE WHEN compte THEN valeur
                                                       ELSE round(100 * valeur / nullif(base, 0), 4) END END AS valeur
    FROM jugees
), recensement AS (
    SELECT niveau, zone, annee,
           max(valeur) FILTER (WHERE figure = 'log') AS log, max(valeur) FILTER (WHERE figure = 'rp') AS rp,
           max(valeur) FILTER (WHERE figure = 'tx_rs') AS tx_rs, max(valeur) FILTER (WHERE figure = 'tx_vac') AS tx_vac,
           max(valeur) FILTER (WHERE figure = 'maison') AS maison, max(valeur) FILTER (WHERE figure = 'proprio') AS proprio,
           max(valeur) FILTER (WHERE figure = 'loc_prive') AS loc_prive, max(valeur) FILTER (WHERE figure = 'loc_hlm') AS loc_hlm,
           max(valeur) FILTER (WHERE figure = 'lov_parc') AS lov_parc, max(valeur) FILTER (WHERE figure = 'lov_vac') AS lov_vac,
           max(valeur) FILTER (WHERE figure = 'lov_vac2') AS lov_vac2, max(valeur) FILTER (WHERE figure = 'lov_tx') AS lov_tx,
           max(valeur) FILTER (WHERE figure = 'lov_tx2') AS lov_tx2, max(valeur) FILTER (WHERE figure = 'rpls_nb') AS rpls_nb,
           max(valeur) FILTER (WHERE figure = 'rpls_mob') AS rpls_mob, max(valeur) FILTER (WHERE figure = 'rpls_loyer') AS rpls_loyer,
           max(valeur) FILTER (WHERE figure = 'autorises') AS autorises, max(valeur) FILTER (WHERE figure = 'commences') AS commences,
           jsonb_object_agg(figure, statut) FILTER (WHERE statut <> 'ok') AS statuts,
           jsonb_object_agg(figure, part) FILTER (WHERE part < 1) AS part
    FROM figures_zone GROUP BY niveau, zone, annee
), couverts AS (
    SELECT m.niveau, m.zone, d.annee, coalesce(sum(m.population) FILTER (WHERE d.ventes_statut = 'ok'), 0) AS habitants,
           bool_and(d.ventes_statut = 'nc') AS hors
    FROM data.mv_housing_diagnostic d JOIN membres m ON m.code_insee = d.code_insee GROUP BY m.niveau, m.zone, d.annee
), ventes AS (
    SELECT c.niveau, c.zone, c.annee, round(c.habitants / nullif(z.habitants, 0), 4) AS part,
           CASE WHEN c.habitants >= z.habitants THEN 'ok' WHEN c.habitants >= 0.9 * z.habitants THEN 'est'
                WHEN c.hors THEN 'nc' ELSE 'ab' END AS statut
    FROM couverts c JOIN zones z USING (niveau, zone)
), revenus AS (
    SELECT DISTINCT ON (niveau, code, millesime) niveau, code, millesime, med, statuts ->> 'med' AS marque
    FROM data.filosofi_zones ORDER BY niveau, code, millesime, source_id DESC
)
SELECT r.niveau, r.zone AS code, r.annee, r.log, r.rp, r.tx_rs, r.tx_vac, r.maison, r.proprio, r.loc_prive, r.loc_hlm,
       r.lov_parc, r.lov_vac, r.lov_vac2, r.lov_tx, r.lov_tx2, r.rpls_nb, r.rpls_mob, r.rpls_loyer, r.autorises, r.commences,
       coalesce(r.statuts, '{}') AS statuts, coalesce(r.part, '{}') AS part,
       v.statut AS ventes_statut, v.part AS ventes_part,
       CASE WHEN v.statut IN ('ok', 'est') THEN coalesce(vm.n, 0) END AS maisons_n,
       CASE WHEN v.statut IN ('ok', 'est') THEN vm.med END AS maisons_med,
       CASE WHEN v.statut IN ('ok', 'est') THEN data.pire_statut(v.statut, coalesce(vm.statut, 'ns')) ELSE v.statut END
           AS maisons_statut,
       CASE WHEN v.statut IN ('ok', 'est') THEN coalesce(va.n, 0) END AS apparts_n,
       CASE WHEN v.statut IN ('ok', 'est') THEN va.med END AS apparts_med,
       CASE WHEN v.statut IN ('ok', 'est') THEN data.pire_statut(v.statut, coalesce(va.statut, 'ns')) ELSE v.statut END
           AS apparts_statut,
       f.med AS revenu, data.statut_figure(f.med, f.marque, CASE WHEN f.code IS NULL THEN 'ab' END) AS revenu_statut,
       (SELECT max(id) FROM data.reference_version) AS reference_version
FROM recensement r JOIN ventes v USING (niveau, zone, annee)
LEFT JOIN data.mv_dvf_zone_annee vm ON vm.niveau = r.niveau AND vm.code = r.zone AND vm.annee = r.annee AND vm.type = 'maison'
LEFT JOIN data.mv_dvf_zone_annee va ON va.niveau = r.niveau AND va.code = r.zone AND va.annee = r.annee AND va.type = 'appartement'
LEFT JOIN revenus f ON f.niveau = r.niveau AND f.code = r.zone AND f.millesime = r.annee;
CREATE UNIQUE INDEX mv_housing_zone_cle ON data.mv_housing_zone (niveau, code, annee);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['mv_housing_diagnostic', 'mv_housing_zone'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
