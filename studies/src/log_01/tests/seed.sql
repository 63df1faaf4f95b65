-- Five invented communes: Alba, Brel and Cors in one intercommunality, Dune alone in the same département, Elme in
-- another département of the region, of which nothing is loaded.
INSERT INTO data.import_runs (dataset, statut, version_importeur) VALUES ('essai', 'promu', 1);
INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, perimetre, nature, fichier, sha256,
                               sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id)
SELECT dataset, 'Producteur', dataset, 'Licence Ouverte 2.0', millesime, 2025, perimetre, nature, 'f', 'x', 'x', 1, 1, 1,
       (SELECT max(id) FROM data.import_runs)
FROM (VALUES (1, 'communes', '2025', 'FR', ''), (2, 'population', '2024', '99', ''), (3, 'rp_demographics', '2021', '99', ''),
             (4, 'rp_housing', '2021', '99', ''), (5, 'lovac', '2025', '99', ''), (6, 'rpls', '2024', '99', ''),
             (7, 'zonage_abc', '05/09/2025', 'FR', ''), (8, 'anil_loyers', '2025', '99', ''), (9, 'dvf', '2024', '99', ''),
             (10, 'filosofi', '2021', '99', ''), (11, 'contours', '2025', '99', 'schematique'))
     AS s(rang, dataset, millesime, perimetre, nature)
ORDER BY rang;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['population_historique', 'rp_demographics', 'rp_details', 'rp_housing', 'filosofi', 'lovac',
                             'rpls', 'zonage_abc', 'anil_loyers', 'dvf'] LOOP
        EXECUTE format('CREATE TABLE data.%I PARTITION OF data.%I DEFAULT', t || '_essai', t);
    END LOOP;
END $$;

CREATE FUNCTION pg_temp.source(wanted text) RETURNS int LANGUAGE sql AS
$$ SELECT id FROM data.data_sources WHERE dataset = wanted $$;

INSERT INTO data.regions VALUES ('99', 'Région d’Essai', 'metro', pg_temp.source('communes'));
INSERT INTO data.departements VALUES ('99', 'Essai', '99', 'metro', '99001', pg_temp.source('communes')),
                                     ('98', 'Autre', '99', 'metro', '98001', pg_temp.source('communes'));
INSERT INTO data.epci VALUES ('200000001', 'CC des Essais', 'CC', 'FPU', 9000, 2025, pg_temp.source('communes'));
INSERT INTO data.communes (code_insee, nom, nom_norm, departement, region, epci_siren, population, cog_annee, geom, source_id,
                           contour_source_id)
SELECT code, nom, lower(nom), departement, '99', epci, population, 2025,
       ST_Multi(ST_MakeEnvelope(lon, 47, lon + 0.1, 47.1, 4326)), pg_temp.source('communes'), pg_temp.source('contours')
FROM (VALUES ('99001', 'Alba', '99', '200000001', 5000, -1.5), ('99002', 'Brel', '99', '200000001', 3000, -1.4),
             ('99003', 'Cors', '99', '200000001', 1000, -1.3), ('99004', 'Dune', '99', NULL, 1000, -1.2),
             ('98001', 'Elme', '98', NULL, 700, -1.1)) AS c(code, nom, departement, epci, population, lon);

INSERT INTO data.population_historique (code_insee, annee, population, code_source, cog_annee, source_id)
SELECT code, 2024, population, code, 2024, pg_temp.source('population')
FROM (VALUES ('99001', 5100), ('99002', 3050), ('99003', 990), ('99004', 1010)) AS p(code, population);

INSERT INTO data.rp_demographics (code_insee, millesime, cog_annee, pop, pop_m5, millesime_m5, code_source, source_id)
SELECT code, 2021, 2024, pop, pop_m5, 2015, code, pg_temp.source('rp_demographics')
FROM (VALUES ('99001', 5000, 4700), ('99002', 3000, 3000), ('99003', 1000, 1100), ('99004', 1000, 1000)) AS p(code, pop, pop_m5);

INSERT INTO data.rp_housing (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, maison, appart, rp_prop, rp_loc,
                             rp_hlm, rp_grat, men, code_source, source_id)
SELECT code, 2021, 2024, log, rp, rs, vac, maison, appart, prop, loc, hlm, grat, rp, code, pg_temp.source('rp_housing')
FROM (VALUES ('99001', 1000, 900, 40, 60, 600, 390, 500, 380, 150, 20), ('99002', 500, 450, 10, 40, 300, 190, 290, 150, 50, 10),
             ('99003', 300, 240, 30, 30, 280, 15, 170, 60, 10, 10), ('99004', 200, 150, 30, 20, 190, NULL, 100, 45, 5, 5))
     AS h(code, log, rp, rs, vac, maison, appart, prop, loc, hlm, grat);

-- 2025 has vacancy without stock, and Brel's long vacancy is secret.
INSERT INTO data.lovac (code_insee, annee, pp_total, pp_vacant, pp_vacant_2ans, statut, millesime_fichier, cog_annee,
                        code_source, source_id)
SELECT code, annee, total, vacant, longue, statut::jsonb, 2025, 2025, code, pg_temp.source('lovac')
FROM (VALUES ('99001', 2024, 800, 80, 24, '{}'), ('99002', 2024, 400, 40, NULL, '{"pp_vacant_2ans": "s"}'),
             ('99003', 2024, 200, 20, 12, '{}'),
             ('99001', 2025, NULL, 88, 26, '{"pp_total": "nd"}'),
             ('99002', 2025, NULL, 44, NULL, '{"pp_total": "nd", "pp_vacant_2ans": "s"}'),
             ('99003', 2025, NULL, 22, 13, '{"pp_total": "nd"}')) AS l(code, annee, total, vacant, longue, statut);

INSERT INTO data.rpls (code_insee, annee, nb_ls, cog_annee, code_source, source_id)
VALUES ('99001', 2024, 150, 2025, '99001', pg_temp.source('rpls')), ('99002', 2024, 45, 2025, '99002', pg_temp.source('rpls'));

INSERT INTO data.zonage_abc (code_insee, date_effet, zone, zone_precedente, cog_annee, code_source, source_id)
VALUES ('99001', '2025-09-05', 'B1', 'B2', 2025, '99001', pg_temp.source('zonage_abc')),
       ('99003', '2025-09-05', 'C', NULL, 2025, '99003', pg_temp.source('zonage_abc'));

INSERT INTO data.anil_loyers (code_insee, annee, segment, loyer_m2, borne_basse, borne_haute, type_prediction,
                              nb_obs_commune, r2, cog_annee, code_source, source_id)
SELECT code, 2025, 'app', loyer, loyer * 0.8, loyer * 1.2, 'commune', 40, 0.7, 2025, code, pg_temp.source('anil_loyers')
FROM (VALUES ('99001', 10.0), ('99002', 12.0), ('99003', 8.0)) AS r(code, loyer);

-- Alba: eleven flats in 2024 at 1000, 1100 … 2000 €/m², thirty in 2023 at 1000. Brel: three in 2024 at 3000. One sale
-- that may not be used, at an absurd price.
INSERT INTO data.dvf (cle_mutation, date_mutation, annee, nature, valeur, code_insee, departement, nb_lignes, nb_communes,
                      nb_parcelles, nb_maisons, nb_apparts, nb_dependances, nb_locaux, type_logement, surface_bati, prix_m2,
                      exploitable, motif_exclusion, cog_annee, source_id)
SELECT decode(md5(code || annee || rang), 'hex'), make_date(annee, 12, 15), annee, 'Vente', prix * 50, code, '99', 1, 1, 1, 0, 1,
       0, 0, 'appartement', 50, prix, motif IS NULL, motif, 2025, pg_temp.source('dvf')
FROM (SELECT '99001' AS code, 2024 AS annee, n AS rang, 1000 + 100 * n AS prix, NULL AS motif FROM generate_series(0, 10) n
      UNION ALL SELECT '99001', 2023, n, 1000, NULL FROM generate_series(1, 30) n
      UNION ALL SELECT '99002', 2024, n, 3000, NULL FROM generate_series(1, 3) n
      UNION ALL SELECT '99001', 2024, 99, 90000, 'prix_hors_bornes') v;

INSERT INTO data.filosofi (code_insee, millesime, cog_annee, med, statuts, code_source, source_id)
VALUES ('99001', 2021, 2024, 21450, '{}', '99001', pg_temp.source('filosofi')),
       ('99003', 2021, 2024, NULL, '{"med": "s"}', '99003', pg_temp.source('filosofi'));

REFRESH MATERIALIZED VIEW data.mv_personnes;
REFRESH MATERIALIZED VIEW data.mv_menages;
REFRESH MATERIALIZED VIEW data.mv_populations;
REFRESH MATERIALIZED VIEW data.mv_rp_housing_zone;
REFRESH MATERIALIZED VIEW data.mv_rp_menages;
REFRESH MATERIALIZED VIEW data.mv_rp_menages_zone;
REFRESH MATERIALIZED VIEW data.mv_dvf_zone_fenetre;
REFRESH MATERIALIZED VIEW data.mv_dvf_zone_marche;
REFRESH MATERIALIZED VIEW data.mv_lovac_zone;
REFRESH MATERIALIZED VIEW data.mv_loyers_zone;
REFRESH MATERIALIZED VIEW data.mv_rpls_zone;
REFRESH MATERIALIZED VIEW data.mv_dvf_commune_annee;
REFRESH MATERIALIZED VIEW data.mv_dvf_terrains;
REFRESH MATERIALIZED VIEW data.mv_dvf_commune_fenetre;
