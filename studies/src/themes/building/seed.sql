-- After the seed of LOG-01: permits of its communes.
INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, perimetre, fichier, sha256,
                               sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id)
SELECT 'sitadel', 'Producteur', 'sitadel', 'Licence Ouverte 2.0', '2025-10', 2025, '99', 'f', 'x', 'x', 1, 1, 1, max(id)
FROM data.import_runs;
CREATE TABLE data.sitadel_essai PARTITION OF data.sitadel DEFAULT;

-- Alba: ten dwellings a year since 2013, six of them flats, started after six months; those of 2024 are not started. Brel:
-- five a year, never started, and a thousand of which the permit was cancelled. A census of Alba six years before.
INSERT INTO data.sitadel (num_dau, type_dau, etat, date_autorisation, date_ouverture, annee_aut, annee_ouv, dates_ecartees,
                          nb_log, nb_ind, nb_col, nb_demolis, code_insee, code_source, cog_annee, source_id)
SELECT code || annee || etat, 'PC', etat, make_date(annee, 3, 15), CASE WHEN debut THEN make_date(annee, 9, 15) END, annee,
       CASE WHEN debut THEN annee END, 0, n, n - flats, flats, 1, code, code, 2025, (SELECT id FROM data.data_sources WHERE dataset = 'sitadel')
FROM (SELECT '99001' AS code, a AS annee, CASE WHEN a < 2024 THEN 5 ELSE 2 END AS etat, a < 2024 AS debut, 10 AS n, 6 AS flats
      FROM generate_series(2013, 2024) a
      UNION ALL SELECT '99002', a, 2, false, 5, 0 FROM generate_series(2013, 2024) a
      UNION ALL SELECT '99002', 2022, 4, false, 1000, 1000) p;

UPDATE data.rp_housing SET pmen = 1980 WHERE code_insee = '99001';
INSERT INTO data.rp_housing (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, men, pmen, code_source, source_id)
VALUES ('99001', 2015, 2024, 950, 850, 45, 55, 850, 1955, '99001', (SELECT id FROM data.data_sources WHERE dataset = 'rp_housing'));

REFRESH MATERIALIZED VIEW data.mv_rp_housing_zone;
REFRESH MATERIALIZED VIEW data.mv_sitadel_commune_annee;
REFRESH MATERIALIZED VIEW data.mv_sitadel_zone_annee;
REFRESH MATERIALIZED VIEW data.mv_sitadel_delai;
