-- Materialised views, first rank: what thousands of rows say of one commune, so that the tables that studies read are made
-- in seconds. `datasets/src/views` refreshes them, in order. A median of fewer than five sales is withheld (`ns`).

-- Which communes each loaded file speaks of, without the places that its producer leaves out.
CREATE VIEW data.couverture AS
    SELECT s.dataset, s.id AS source_id, c.code_insee, data.annees(s.millesime) AS annees
    FROM data.data_sources s JOIN data.communes c ON s.perimetre IN ('FR', c.departement, c.code_insee)
    WHERE s.active AND s.partie <> 'nomenclature'
      AND NOT EXISTS (SELECT FROM data.non_couverts n WHERE n.dataset = s.dataset AND n.departement = c.departement);

-- Everything that a study can be about: communes, and the arrondissements of Paris, Lyon and Marseille beside their city.
CREATE VIEW data.territoires AS
    SELECT code_insee AS code, code_insee AS commune FROM data.communes
    UNION ALL SELECT code, parent FROM data.arrondissements_plm;

-- Sales of dwellings by territory, year and kind. Sales before completion are counted apart, and have no price per m².
CREATE MATERIALIZED VIEW data.mv_dvf_commune_annee AS
WITH lignes AS (
    SELECT code_insee AS code, annee, type_logement, exploitable, motif_exclusion, valeur, prix_m2, surface_bati
    FROM data.dvf
    UNION ALL
    SELECT a.parent, d.annee, d.type_logement, d.exploitable, d.motif_exclusion, d.valeur, d.prix_m2, d.surface_bati
    FROM data.arrondissements_plm a JOIN data.dvf d ON d.code_insee = a.code
), ventes AS (
    SELECT l.*, CASE WHEN exploitable THEN type_logement
                     WHEN motif_exclusion = 'vente en l’état futur d’achèvement' THEN 'vefa' END AS type
    FROM lignes l
), mesures AS (
    SELECT code, annee::int AS annee, type, count(*)::int AS n, sum(valeur) AS volume,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY prix_m2) AS m2,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY valeur) AS prix,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY surface_bati) AS surface
    FROM ventes WHERE type IS NOT NULL
    GROUP BY code, annee, type
)
SELECT code AS code_insee, annee, type, n, volume,
       CASE WHEN n >= 5 THEN round(m2[1]::numeric, 2) END AS q1, CASE WHEN n >= 5 THEN round(m2[2]::numeric, 2) END AS med,
       CASE WHEN n >= 5 THEN round(m2[3]::numeric, 2) END AS q3,
       CASE WHEN n >= 5 THEN round(prix::numeric) END AS prix_med,
       CASE WHEN n >= 5 THEN round(surface::numeric) END AS surface_med,
       CASE WHEN n >= 5 THEN 'ok' ELSE 'ns' END AS statut
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_commune_annee_cle ON data.mv_dvf_commune_annee (code_insee, annee, type);

-- The same for what communes belong to: from the sales themselves, since medians of medians mean nothing.
CREATE MATERIALIZED VIEW data.mv_dvf_zone_annee AS
WITH mesures AS (
    SELECT CASE WHEN grouping(c.epci_siren) = 0 THEN 'epci' WHEN grouping(c.departement) = 0 THEN 'dep'
                WHEN grouping(c.region) = 0 THEN 'reg' ELSE 'fr' END AS niveau,
           coalesce(c.epci_siren, c.departement, c.region, 'FR') AS code, d.annee::int AS annee, d.type_logement AS type,
           count(*)::int AS n, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY d.prix_m2) AS m2
    FROM data.dvf d JOIN data.territoires t ON t.code = d.code_insee JOIN data.communes c ON c.code_insee = t.commune
    WHERE d.exploitable AND d.type_logement IS NOT NULL
    GROUP BY d.annee, d.type_logement, GROUPING SETS ((c.epci_siren), (c.departement), (c.region), ())
    HAVING grouping(c.epci_siren) = 1 OR c.epci_siren IS NOT NULL
)
SELECT niveau, code, annee, type, n, CASE WHEN n >= 5 THEN round(m2[1]::numeric, 2) END AS q1,
       CASE WHEN n >= 5 THEN round(m2[2]::numeric, 2) END AS med, CASE WHEN n >= 5 THEN round(m2[3]::numeric, 2) END AS q3,
       CASE WHEN n >= 5 THEN 'ok' ELSE 'ns' END AS statut
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_zone_annee_cle ON data.mv_dvf_zone_annee (niveau, code, annee, type);

-- Prices by sheet of the land register over the last three whole years, for maps within a commune. The newest year
-- counts once it has reached December.
CREATE MATERIALIZED VIEW data.mv_dvf_section AS
WITH derniere AS (
    SELECT max(annee) AS annee FROM (SELECT annee FROM data.dvf GROUP BY annee
                                     HAVING max(date_mutation) >= make_date(annee::int, 12, 1)) AS entieres
), mesures AS (
    SELECT left(d.id_parcelle_principale, 10) AS section, d.code_insee, d.type_logement AS type, count(*)::int AS n,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY d.prix_m2) AS med, max(x.annee)::int AS derniere_annee
    FROM data.dvf d JOIN derniere x ON d.annee BETWEEN x.annee - 2 AND x.annee
    WHERE d.exploitable AND d.type_logement IS NOT NULL AND length(d.id_parcelle_principale) = 14
    GROUP BY 1, 2, 3
)
SELECT section, code_insee, type, n, CASE WHEN n >= 5 THEN round(med::numeric, 2) END AS med,
       CASE WHEN n >= 5 THEN 'ok' ELSE 'ns' END AS statut, derniere_annee
FROM mesures;
CREATE UNIQUE INDEX mv_dvf_section_cle ON data.mv_dvf_section (section, code_insee, type);
CREATE INDEX mv_dvf_section_commune ON data.mv_dvf_section (code_insee);

-- Dwellings authorised by year of authorisation and started by year of declaration, cancelled permits left out. A permit
-- that does not tell its dwellings is counted in `sans_nombre`, never as a zero.
CREATE MATERIALIZED VIEW data.mv_sitadel_commune_annee AS
WITH permis AS (
    SELECT code_insee AS code, annee_aut, annee_ouv, date_ouverture, date_autorisation, nb_log, nb_ind, nb_col, nb_social,
           nb_demolis, source_id
    FROM data.sitadel WHERE etat <> 4
    UNION ALL
    SELECT a.parent, s.annee_aut, s.annee_ouv, s.date_ouverture, s.date_autorisation, s.nb_log, s.nb_ind, s.nb_col,
           s.nb_social, s.nb_demolis, s.source_id
    FROM data.arrondissements_plm a JOIN data.sitadel s ON s.code_insee = a.code WHERE s.etat <> 4
), evenements AS (
    SELECT code, annee_aut AS annee, nb_log AS aut, nb_ind AS ind, nb_col AS col, nb_social AS social, nb_demolis AS demolis,
           NULL::int AS com, nb_log IS NULL AS sans, source_id
    FROM permis WHERE annee_aut IS NOT NULL
    UNION ALL
    SELECT code, annee_ouv, NULL, NULL, NULL, NULL, NULL, nb_log, nb_log IS NULL, source_id
    FROM permis WHERE annee_ouv IS NOT NULL
)
SELECT e.code AS code_insee, e.annee::int AS annee, coalesce(sum(e.aut), 0)::int AS autorises,
       coalesce(sum(e.ind), 0)::int AS individuels, coalesce(sum(e.col), 0)::int AS collectifs,
       coalesce(sum(e.social), 0)::int AS sociaux, coalesce(sum(e.demolis), 0)::int AS demolis,
       coalesce(sum(e.com), 0)::int AS commences, count(*) FILTER (WHERE e.sans)::int AS sans_nombre,
       coalesce(bool_or(p.depuis < make_date(e.annee::int + 1, 1, 1)), false) AS provisoire
FROM evenements e LEFT JOIN data.sitadel_provisoire p ON p.source_id = e.source_id
GROUP BY e.code, e.annee;
CREATE UNIQUE INDEX mv_sitadel_commune_annee_cle ON data.mv_sitadel_commune_annee (code_insee, annee);

-- Facilities of the newest vintage. A commune of a loaded perimeter that no row names has none: a true zero.
CREATE MATERIALIZED VIEW data.mv_bpe_commune AS
WITH dernier AS (
    SELECT max(millesime) AS millesime FROM data.bpe_equipements
), couverts AS (
    SELECT DISTINCT t.code, t.commune FROM data.couverture k JOIN data.territoires t ON t.commune = k.code_insee
    WHERE k.dataset = 'bpe_equipements'
), lignes AS (
    SELECT c.code, e.typequ, y.service, s.gamme
    FROM data.bpe_equipements e JOIN dernier USING (millesime)
    JOIN LATERAL (SELECT e.code_insee AS code UNION SELECT data.commune_mere(e.code_insee)) c ON true
    LEFT JOIN data.bpe_typequ y ON y.millesime = e.millesime AND y.code = e.typequ
    LEFT JOIN data.bpe_services s ON s.service = y.service
), comptes AS (
    SELECT code, count(*)::int AS n,
           count(*) FILTER (WHERE typequ LIKE 'A%')::int AS services, count(*) FILTER (WHERE typequ LIKE 'B%')::int AS commerces,
           count(*) FILTER (WHERE typequ LIKE 'C%')::int AS enseignement, count(*) FILTER (WHERE typequ LIKE 'D%')::int AS sante,
           count(*) FILTER (WHERE typequ LIKE 'E%')::int AS transports, count(*) FILTER (WHERE typequ LIKE 'F%')::int AS loisirs,
           count(*) FILTER (WHERE typequ LIKE 'G%')::int AS tourisme,
           count(DISTINCT service) FILTER (WHERE gamme = 'proximite')::int AS proximite,
           count(DISTINCT service) FILTER (WHERE gamme = 'intermediaire')::int AS intermediaire,
           count(DISTINCT service) FILTER (WHERE gamme = 'superieure')::int AS superieure
    FROM lignes GROUP BY code
)
SELECT k.code AS code_insee, d.millesime::int AS millesime, coalesce(c.n, 0) AS n, coalesce(c.services, 0) AS services,
       coalesce(c.commerces, 0) AS commerces, coalesce(c.enseignement, 0) AS enseignement, coalesce(c.sante, 0) AS sante,
       coalesce(c.transports, 0) AS transports, coalesce(c.loisirs, 0) AS loisirs, coalesce(c.tourisme, 0) AS tourisme,
       coalesce(c.proximite, 0) AS proximite, coalesce(c.intermediaire, 0) AS intermediaire,
       coalesce(c.superieure, 0) AS superieure
FROM couverts k CROSS JOIN dernier d LEFT JOIN comptes c ON c.code = k.code
WHERE d.millesime IS NOT NULL;
CREATE UNIQUE INDEX mv_bpe_commune_cle ON data.mv_bpe_commune (code_insee);

-- Practitioners and establishments. A general practitioner at work in n communes weighs 1/n in each; others are counted by
-- person. Primary care leaves out hospitals (SA01) and out-of-hours posts (SA50); salaried doctors count in health
-- centres (SA05).
CREATE MATERIALIZED VIEW data.mv_sante_commune AS
WITH activites AS (
    SELECT DISTINCT r.pp_hash, r.profession, r.code_insee,
           r.profession = '10' AND (r.savoir_faire IS NULL OR r.savoir_faire IN ('SM53', 'SM54', 'SM26'))
               AND (r.mode = 'L' OR r.mode = 'S' AND r.secteur = 'SA05')
               AND coalesce(r.secteur, '') NOT IN ('SA01', 'SA50') AS premier_recours
    FROM data.rpps r WHERE r.code_insee IS NOT NULL
), medecins AS (
    SELECT DISTINCT pp_hash, code_insee FROM activites WHERE premier_recours
), poids AS (
    SELECT code_insee, pp_hash, 1.0 / count(*) OVER (PARTITION BY pp_hash) AS poids FROM medecins
), generalistes AS (
    SELECT c.code, count(DISTINCT p.pp_hash)::int AS n, sum(p.poids) AS poids
    FROM poids p CROSS JOIN LATERAL (SELECT p.code_insee AS code UNION SELECT data.commune_mere(p.code_insee)) c GROUP BY c.code
), autres AS (
    SELECT c.code, count(DISTINCT pp_hash) FILTER (WHERE profession = '40')::int AS dentistes,
           count(DISTINCT pp_hash) FILTER (WHERE profession = '60')::int AS infirmiers,
           count(DISTINCT pp_hash) FILTER (WHERE profession = '70')::int AS kinesitherapeutes,
           count(DISTINCT pp_hash) FILTER (WHERE profession = '50')::int AS sages_femmes,
           count(DISTINCT pp_hash) FILTER (WHERE profession = '91')::int AS orthophonistes,
           count(DISTINCT pp_hash) FILTER (WHERE profession = '21')::int AS pharmaciens
    FROM activites a CROSS JOIN LATERAL (SELECT a.code_insee AS code UNION SELECT data.commune_mere(a.code_insee)) c
    WHERE profession IN ('21', '40', '50', '60', '70', '91') GROUP BY c.code
), etablissements AS (
    SELECT c.code, count(*) FILTER (WHERE categorie IN ('101', '355', '365'))::int AS hopitaux,
           count(*) FILTER (WHERE categorie = '500')::int AS ehpad,
           count(*) FILTER (WHERE categorie = '202')::int AS residences_autonomie,
           count(*) FILTER (WHERE categorie IN ('124', '603'))::int AS maisons_centres_sante,
           count(*) FILTER (WHERE categorie = '620')::int AS pharmacies,
           count(*) FILTER (WHERE categorie = '611')::int AS laboratoires
    FROM data.finess f CROSS JOIN LATERAL (SELECT f.code_insee AS code UNION SELECT data.commune_mere(f.code_insee)) c
    GROUP BY c.code
), couverts AS (
    SELECT t.code, bool_or(k.dataset = 'rpps') AS rpps, bool_or(k.dataset = 'finess') AS finess
    FROM data.couverture k JOIN data.territoires t ON t.commune = k.code_insee
    WHERE k.dataset IN ('rpps', 'finess') GROUP BY t.code
)
SELECT k.code AS code_insee, CASE WHEN k.rpps THEN 'ok' ELSE 'ab' END AS statut_rpps,
       CASE WHEN k.finess THEN 'ok' ELSE 'ab' END AS statut_finess,
       CASE WHEN k.rpps THEN coalesce(g.n, 0) END AS generalistes,
       CASE WHEN k.rpps THEN round(coalesce(g.poids, 0), 4) END AS generalistes_poids,
       CASE WHEN k.rpps THEN coalesce(a.dentistes, 0) END AS dentistes,
       CASE WHEN k.rpps THEN coalesce(a.infirmiers, 0) END AS infirmiers,
       CASE WHEN k.rpps THEN coalesce(a.kinesitherapeutes, 0) END AS kinesitherapeutes,
       CASE WHEN k.rpps THEN coalesce(a.sages_femmes, 0) END AS sages_femmes,
       CASE WHEN k.rpps THEN coalesce(a.orthophonistes, 0) END AS orthophonistes,
       CASE WHEN k.rpps THEN coalesce(a.pharmaciens, 0) END AS pharmaciens,
       CASE WHEN k.finess THEN coalesce(e.hopitaux, 0) END AS hopitaux,
       CASE WHEN k.finess THEN coalesce(e.ehpad, 0) END AS ehpad,
       CASE WHEN k.finess THEN coalesce(e.residences_autonomie, 0) END AS residences_autonomie,
       CASE WHEN k.finess THEN coalesce(e.maisons_centres_sante, 0) END AS maisons_centres_sante,
       CASE WHEN k.finess THEN coalesce(e.pharmacies, 0) END AS pharmacies,
       CASE WHEN k.finess THEN coalesce(e.laboratoires, 0) END AS laboratoires
FROM couverts k LEFT JOIN generalistes g USING (code) LEFT JOIN autres a USING (code) LEFT JOIN etablissements e USING (code);
CREATE UNIQUE INDEX mv_sante_commune_cle ON data.mv_sante_commune (code_insee);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['couverture', 'territoires', 'mv_dvf_commune_annee', 'mv_dvf_zone_annee', 'mv_dvf_section',
                                    'mv_sitadel_commune_annee', 'mv_bpe_commune', 'mv_sante_commune'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
