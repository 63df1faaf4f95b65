-- One row per commune of today: what its page, a comparison or a search for similar communes needs at once.

-- The last three whole years of sales, for communes where one year is too little.
CREATE MATERIALIZED VIEW data.mv_dvf_commune_trois_ans AS
WITH derniere AS (
    SELECT max(annee) AS annee FROM (SELECT annee FROM data.dvf GROUP BY annee
                                     HAVING max(date_mutation) >= make_date(annee::int, 12, 1)) AS entieres
), ventes AS (
    SELECT t.code, d.type_logement AS type, d.prix_m2, x.annee
    FROM data.dvf d JOIN derniere x ON d.annee BETWEEN x.annee - 2 AND x.annee
    CROSS JOIN LATERAL (SELECT d.code_insee AS code UNION SELECT data.commune_mere(d.code_insee)) t
    WHERE d.exploitable AND d.type_logement IS NOT NULL
), mesures AS (
    SELECT code, type, max(annee)::int AS annee, count(*)::int AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY prix_m2) AS med
    FROM ventes GROUP BY code, type
)
SELECT code AS code_insee, type, annee, n, CASE WHEN n >= 5 THEN round(med::numeric, 2) END AS med,
       CASE WHEN n >= 5 THEN 'ok' ELSE 'ns' END AS statut
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_commune_trois_ans_cle ON data.mv_dvf_commune_trois_ans (code_insee, type);

CREATE MATERIALIZED VIEW data.mv_commune_summary AS
WITH hors AS (
    SELECT departement, array_agg(dataset) AS datasets FROM data.non_couverts GROUP BY departement
), population AS (
    SELECT DISTINCT ON (code_insee) * FROM data.rp_demographics ORDER BY code_insee, millesime DESC, source_id DESC
), details AS (
    SELECT DISTINCT ON (code_insee, modalite) code_insee, millesime, modalite, valeur, statut FROM data.rp_details
    WHERE theme = 'age' AND sexe = 'T' AND modalite IN ('0014', '1529', '3044', '4559', '6074', '7589', '90p')
    ORDER BY code_insee, modalite, millesime DESC, source_id DESC
), ages AS (
    SELECT code_insee, min(millesime) AS millesime, sum(valeur) AS tous, count(*) = 7 AS complet, bool_or(statut = 'est') AS estime,
           sum(valeur) FILTER (WHERE modalite = '0014') AS a0014, sum(valeur) FILTER (WHERE modalite = '1529') AS a1529,
           sum(valeur) FILTER (WHERE modalite = '3044') AS a3044, sum(valeur) FILTER (WHERE modalite = '4559') AS a4559,
           sum(valeur) FILTER (WHERE modalite = '6074') AS a6074, sum(valeur) FILTER (WHERE modalite IN ('7589', '90p')) AS a75p
    FROM details GROUP BY code_insee HAVING min(millesime) = max(millesime)
), logements AS (
    SELECT DISTINCT ON (code_insee) * FROM data.mv_housing_diagnostic WHERE log IS NOT NULL ORDER BY code_insee, annee DESC
), vacance AS (
    SELECT DISTINCT ON (code_insee) * FROM data.mv_housing_diagnostic WHERE lov_vac_statut NOT IN ('ab', 'nc')
    ORDER BY code_insee, annee DESC
), social AS (
    SELECT DISTINCT ON (code_insee) * FROM data.mv_housing_diagnostic WHERE rpls_nb_statut NOT IN ('ab', 'nc')
    ORDER BY code_insee, annee DESC
), permis AS (
    -- Three years that are no longer provisional.
    SELECT code_insee, avg(autorises) AS moyenne, max(annee) AS annee
    FROM (SELECT code_insee, annee, autorises, row_number() OVER (PARTITION BY code_insee ORDER BY annee DESC) AS rang
          FROM data.mv_housing_diagnostic WHERE permis_statut = 'ok') p
    WHERE rang <= 3 GROUP BY code_insee HAVING count(*) = 3
), zones AS (
    SELECT DISTINCT ON (code_insee) code_insee, zone FROM data.zonage_abc ORDER BY code_insee, date_effet DESC, source_id DESC
), loyers AS (
    SELECT DISTINCT ON (code_insee, segment) code_insee, annee, segment, loyer_m2, r2, nb_obs_commune, type_prediction,
           statut ->> 'loyer_m2' AS marque
    FROM data.anil_loyers WHERE segment IN ('app', 'mai') ORDER BY code_insee, segment, annee DESC, source_id DESC
), revenus AS (
    SELECT DISTINCT ON (code_insee) code_insee, millesime, med, statuts ->> 'med' AS med_marque, tp60, statuts ->> 'tp60' AS tp60_marque
    FROM data.filosofi ORDER BY code_insee, millesime DESC, source_id DESC
), revenus_zones AS (
    SELECT DISTINCT ON (niveau, code) niveau, code, med, tp60 FROM data.filosofi_zones
    ORDER BY niveau, code, millesime DESC, source_id DESC
), derniere_vente AS (
    SELECT max(annee) AS annee FROM data.mv_dvf_commune_trois_ans
), ventes_couvertes AS (
    SELECT DISTINCT k.code_insee FROM data.couverture k JOIN derniere_vente v ON k.annees @> v.annee WHERE k.dataset = 'dvf'
), allocataires AS (
    SELECT DISTINCT ON (code_insee) code_insee, date_ref, personnes, statut ->> 'personnes' AS marque
    FROM data.caf_communal WHERE prestation = 'ndur' ORDER BY code_insee, date_ref DESC, source_id DESC
), lignes AS (
    SELECT c.*, p.millesime AS rp_millesime, p.pop, p.pop_m5, p.pop_m10, p.millesime_m5, p.millesime_m10, p.statut AS pop_marque,
           CASE WHEN p.code_insee IS NULL THEN CASE WHEN 'rp_demographics' = ANY (h.datasets) THEN 'nc' ELSE 'ab' END END AS p_absent,
           CASE WHEN r.code_insee IS NULL THEN CASE WHEN 'filosofi' = ANY (h.datasets) THEN 'nc' ELSE 'ab' END END AS r_absent,
           CASE WHEN v.code_insee IS NULL THEN CASE WHEN 'dvf' = ANY (h.datasets) THEN 'nc' ELSE 'ab' END END AS v_absent,
           r.millesime AS revenu_millesime, r.med, r.med_marque, r.tp60, r.tp60_marque
    FROM data.communes c LEFT JOIN hors h ON h.departement = c.departement LEFT JOIN population p USING (code_insee)
    LEFT JOIN revenus r USING (code_insee) LEFT JOIN ventes_couvertes v USING (code_insee)
)
SELECT c.code_insee, c.nom, c.epci_siren, e.nom AS epci_nom, c.departement, d.nom AS departement_nom, c.region,
       g.nom AS region_nom, c.densite7, c.rp_millesime, c.pop, c.pop_m5, c.pop_m10,
       data.statut_figure(c.pop, nullif(c.pop_marque, 'ok'), c.p_absent) AS pop_statut,
       -- Yearly growth, in % a year; none from or to nobody.
       CASE WHEN c.pop > 0 AND c.pop_m5 > 0 AND c.rp_millesime > c.millesime_m5
            THEN round(((c.pop / c.pop_m5) ^ (1.0 / (c.rp_millesime - c.millesime_m5)) - 1) * 100, 4) END AS tcam,
       CASE WHEN c.pop_m5 > 0 AND c.pop_m10 > 0 AND c.millesime_m5 > c.millesime_m10
            THEN round(((c.pop_m5 / c.pop_m10) ^ (1.0 / (c.millesime_m5 - c.millesime_m10)) - 1) * 100, 4) END AS tcam_prec,
       round(100 * a.a0014 / nullif(a.tous, 0), 4) AS part_0014, round(100 * a.a1529 / nullif(a.tous, 0), 4) AS part_1529,
       round(100 * a.a3044 / nullif(a.tous, 0), 4) AS part_3044, round(100 * a.a4559 / nullif(a.tous, 0), 4) AS part_4559,
       round(100 * a.a6074 / nullif(a.tous, 0), 4) AS part_6074, round(100 * a.a75p / nullif(a.tous, 0), 4) AS part_75p,
       data.statut_figure(a.tous, CASE WHEN a.estime THEN 'est' END, CASE WHEN a.code_insee IS NULL THEN coalesce(c.p_absent, 'nd') END)
           AS ages_statut,
       c.revenu_millesime, c.med AS revenu, data.statut_figure(c.med, c.med_marque, c.r_absent) AS revenu_statut,
       c.tp60, data.statut_figure(c.tp60, c.tp60_marque, c.r_absent) AS tp60_statut,
       re.med AS revenu_epci, rd.med AS revenu_dep, rf.med AS revenu_fr, re.tp60 AS tp60_epci, rd.tp60 AS tp60_dep, rf.tp60 AS tp60_fr,
       l.annee AS log_annee, l.log, l.rp, round(100 * l.logvac / nullif(l.log, 0), 4) AS tx_vac,
       coalesce(l.rp_statut, coalesce(c.p_absent, 'ab')) AS log_statut,
       -- Vacancy of the tax files: other dwellings, another definition, never mixed with the census.
       vac.annee AS lov_annee, round(100.0 * vac.lov_vac / nullif(vac.lov_parc, 0), 4) AS lov_tx,
       coalesce(data.pire_statut(vac.lov_vac_statut, vac.lov_parc_statut), 'ab') AS lov_tx_statut,
       round(100.0 * vac.lov_vac2 / nullif(vac.lov_parc, 0), 4) AS lov_tx2,
       coalesce(data.pire_statut(vac.lov_vac2_statut, vac.lov_parc_statut), 'ab') AS lov_tx2_statut,
       s.annee AS rpls_annee, s.rpls_nb, round(100.0 * s.rpls_nb / nullif(l.rp, 0), 4) AS rpls_tx,
       coalesce(data.pire_statut(s.rpls_nb_statut, l.rp_statut), 'ab') AS rpls_tx_statut,
       z.zone AS zone_abc, CASE WHEN z.zone IS NULL THEN 'ab' ELSE 'ok' END AS zone_abc_statut,
       la.annee AS loyer_annee, la.loyer_m2 AS loyer_app, la.r2 AS loyer_app_r2, la.nb_obs_commune AS loyer_app_obs,
       data.statut_figure(la.loyer_m2, la.marque, CASE WHEN la.code_insee IS NULL THEN 'ab' END) AS loyer_app_statut,
       lm.loyer_m2 AS loyer_mai, lm.r2 AS loyer_mai_r2, lm.nb_obs_commune AS loyer_mai_obs,
       data.statut_figure(lm.loyer_m2, lm.marque, CASE WHEN lm.code_insee IS NULL THEN 'ab' END) AS loyer_mai_statut,
       dv.annee AS ventes_annee,
       CASE WHEN c.v_absent IS NULL THEN coalesce(ya.n, 0) END AS apparts_n, ya.med AS apparts_med,
       coalesce(c.v_absent, ya.statut, 'ns') AS apparts_statut,
       CASE WHEN c.v_absent IS NULL THEN coalesce(ta.n, 0) END AS apparts_n3, ta.med AS apparts_med3,
       coalesce(c.v_absent, ta.statut, 'ns') AS apparts3_statut,
       CASE WHEN c.v_absent IS NULL THEN coalesce(ym.n, 0) END AS maisons_n, ym.med AS maisons_med,
       coalesce(c.v_absent, ym.statut, 'ns') AS maisons_statut,
       CASE WHEN c.v_absent IS NULL THEN coalesce(tm.n, 0) END AS maisons_n3, tm.med AS maisons_med3,
       coalesce(c.v_absent, tm.statut, 'ns') AS maisons3_statut,
       pe.annee AS permis_annee, round(1000 * pe.moyenne / nullif(c.pop, 0), 4) AS permis_1000,
       CASE WHEN pe.code_insee IS NULL THEN 'ab' WHEN c.pop > 0 THEN 'ok' ELSE coalesce(c.p_absent, 'nd') END AS permis_statut,
       b.millesime AS bpe_millesime, b.n AS bpe_n, round(1000.0 * b.services / nullif(c.pop, 0), 4) AS bpe_services,
       round(1000.0 * b.commerces / nullif(c.pop, 0), 4) AS bpe_commerces,
       round(1000.0 * b.enseignement / nullif(c.pop, 0), 4) AS bpe_enseignement,
       round(1000.0 * b.sante / nullif(c.pop, 0), 4) AS bpe_sante, round(1000.0 * b.transports / nullif(c.pop, 0), 4) AS bpe_transports,
       round(1000.0 * b.loisirs / nullif(c.pop, 0), 4) AS bpe_loisirs, round(1000.0 * b.tourisme / nullif(c.pop, 0), 4) AS bpe_tourisme,
       CASE WHEN b.code_insee IS NULL THEN 'ab' WHEN c.pop > 0 THEN 'ok' ELSE coalesce(c.p_absent, 'nd') END AS bpe_statut,
       round(10000 * m.generalistes_poids / nullif(c.pop, 0), 4) AS generalistes_10000,
       CASE WHEN m.statut_rpps IS DISTINCT FROM 'ok' THEN 'ab' WHEN c.pop > 0 THEN 'ok' ELSE coalesce(c.p_absent, 'nd') END
           AS generalistes_statut,
       af.date_ref AS caf_date, round(100.0 * af.personnes / nullif(c.pop, 0), 4) AS caf_part,
       CASE WHEN c.pop > 0 THEN data.statut_figure(af.personnes, af.marque, CASE WHEN af.code_insee IS NULL THEN 'ab' END)
            ELSE coalesce(c.p_absent, 'nd') END AS caf_statut,
       (SELECT max(id) FROM data.reference_version) AS reference_version
FROM lignes c
LEFT JOIN data.epci e ON e.siren = c.epci_siren
LEFT JOIN data.departements d ON d.code = c.departement
LEFT JOIN data.regions g ON g.code = c.region
LEFT JOIN ages a ON a.code_insee = c.code_insee AND a.millesime = c.rp_millesime AND a.complet
LEFT JOIN revenus_zones re ON re.niveau = 'epci' AND re.code = c.epci_siren
LEFT JOIN revenus_zones rd ON rd.niveau = 'dep' AND rd.code = c.departement
LEFT JOIN revenus_zones rf ON rf.niveau = 'fr'
LEFT JOIN logements l ON l.code_insee = c.code_insee
LEFT JOIN vacance vac ON vac.code_insee = c.code_insee
LEFT JOIN social s ON s.code_insee = c.code_insee
LEFT JOIN zones z ON z.code_insee = c.code_insee
LEFT JOIN loyers la ON la.code_insee = c.code_insee AND la.segment = 'app'
LEFT JOIN loyers lm ON lm.code_insee = c.code_insee AND lm.segment = 'mai'
CROSS JOIN derniere_vente dv
LEFT JOIN data.mv_dvf_commune_annee ya ON ya.code_insee = c.code_insee AND ya.type = 'appartement' AND ya.annee = dv.annee
LEFT JOIN data.mv_dvf_commune_annee ym ON ym.code_insee = c.code_insee AND ym.type = 'maison' AND ym.annee = dv.annee
LEFT JOIN data.mv_dvf_commune_trois_ans ta ON ta.code_insee = c.code_insee AND ta.type = 'appartement'
LEFT JOIN data.mv_dvf_commune_trois_ans tm ON tm.code_insee = c.code_insee AND tm.type = 'maison'
LEFT JOIN permis pe ON pe.code_insee = c.code_insee
LEFT JOIN data.mv_bpe_commune b ON b.code_insee = c.code_insee
LEFT JOIN data.mv_sante_commune m ON m.code_insee = c.code_insee
LEFT JOIN allocataires af ON af.code_insee = c.code_insee;
CREATE UNIQUE INDEX mv_commune_summary_cle ON data.mv_commune_summary (code_insee);
CREATE INDEX mv_commune_summary_departement ON data.mv_commune_summary (departement);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['mv_dvf_commune_trois_ans', 'mv_commune_summary'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
