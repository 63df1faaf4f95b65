-- Beside the five invented communes: bakeries, a school, practitioners and a home for the elderly, few enough to be counted.
INSERT INTO data.data_sources (dataset, partie, producteur, titre, licence, millesime, cog_annee, perimetre, nature, fichier, sha256,
                               sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id)
SELECT dataset, partie, 'Producteur', dataset, 'Licence Ouverte 2.0', millesime, 2025, '99', '', 'f', 'x', 'x', 1, 1, 1,
       (SELECT max(id) FROM data.import_runs)
FROM (VALUES ('bpe_equipements', 'nomenclature', '2024'), ('bpe_equipements', 'detail', '2024'), ('rpps', 'detail', '2025-10-15'),
             ('finess', 'detail', '2025-10-15')) AS s (dataset, partie, millesime);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['bpe_types', 'bpe_equipements', 'rpps', 'finess'] LOOP
        EXECUTE format('CREATE TABLE data.%I PARTITION OF data.%I DEFAULT', t || '_essai', t);
    END LOOP;
END $$;

CREATE FUNCTION pg_temp.fichier(wanted text, piece text) RETURNS int LANGUAGE sql AS
$$ SELECT id FROM data.data_sources WHERE dataset = wanted AND partie = piece $$;

UPDATE data.communes SET centroide = ST_Centroid(geom);
UPDATE data.communes SET superficie_km2 = CASE code_insee WHEN '99001' THEN 51 WHEN '99002' THEN 30.5 WHEN '99003' THEN 9.9 END;
INSERT INTO data.communes_voisines (code_insee, voisine)
VALUES ('99001', '99002'), ('99002', '99001'), ('99002', '99003'), ('99003', '99002');

INSERT INTO data.bpe_types (millesime, code, libelle, domaine, service, source_id)
SELECT 2024, code, libelle, left(code, 1), service, pg_temp.fichier('bpe_equipements', 'nomenclature')
FROM (VALUES ('B203', 'Boulangerie', 'boulangerie'), ('D265', 'Médecin généraliste', 'medecin'), ('C301', 'Lycée', 'lycee'),
             ('E108', 'Gare', 'gare'), ('F101', 'Stade', NULL)) AS t (code, libelle, service);

-- Alba has two bakeries, one of them at its centre, and a doctor whom nobody found on the map. The school is at the
-- centre of Brel, a tenth of a degree to the east. There is no station.
INSERT INTO data.bpe_equipements (ligne, millesime, typequ, code_insee, qualite, geom, cog_annee, code_source, source_id)
SELECT row_number() OVER (), 2024, typequ, code, 'Bonne', CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END,
       2025, code, pg_temp.fichier('bpe_equipements', 'detail')
FROM (VALUES ('B203', '99001', -1.45, 47.05), ('B203', '99001', -1.44, 47.06), ('D265', '99001', NULL, NULL),
             ('C301', '99002', -1.35, 47.05), ('B203', '99003', -1.25, 47.05), ('F101', '99003', -1.26, 47.05))
     AS e (typequ, code, lon, lat);

-- One doctor works in Alba, one in Alba and Brel, one in Alba's hospital alone; a nurse works in Alba and Brel.
INSERT INTO data.rpps (pp_hash, profession, savoir_faire, mode, secteur, code_insee, extraction, statut_commune, cog_annee,
                       code_source, source_id)
SELECT hash::bytea, profession, savoir, mode, secteur, code, '2025-10-15', 'ok', 2025, code, pg_temp.fichier('rpps', 'detail')
FROM (VALUES ('\x01', '10', 'SM54', 'L', 'SA07', '99001'), ('\x02', '10', 'SM54', 'L', 'SA07', '99001'),
             ('\x02', '10', 'SM54', 'L', 'SA07', '99002'), ('\x03', '10', 'SM54', 'S', 'SA01', '99001'),
             ('\x04', '60', NULL, 'L', 'SA07', '99001'), ('\x04', '60', NULL, 'L', 'SA07', '99002'))
     AS p (hash, profession, savoir, mode, secteur, code);

INSERT INTO data.finess (nofinesset, raison_sociale, categorie, code_insee, geom, cog_annee, code_source, source_id)
VALUES ('990000001', 'Les Tilleuls', '500', '99003', ST_SetSRID(ST_MakePoint(-1.25, 47.05), 4326), 2025, '99003',
        pg_temp.fichier('finess', 'detail'));

REFRESH MATERIALIZED VIEW data.mv_bpe_commune;
REFRESH MATERIALIZED VIEW data.mv_sante_commune;
