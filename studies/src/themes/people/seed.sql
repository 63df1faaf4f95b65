-- What the four communes of the essay say of their people, beside their number: ages, households, occupations, births,
-- incomes; and what is projected for their département.
CREATE FUNCTION pg_temp.source_de(wanted text) RETURNS int LANGUAGE sql AS
$$ SELECT id FROM data.data_sources WHERE dataset = wanted $$;

UPDATE data.rp_demographics d SET pop_m10 = p.m10, millesime_m10 = 2010, naissances = p.nais, deces = p.dece
FROM (VALUES ('99001', 4500, 300, 240), ('99002', 2900, 180, 150), ('99003', 1150, 40, 90), ('99004', 1000, 50, 50))
     AS p(code, m10, nais, dece) WHERE d.code_insee = p.code;

INSERT INTO data.rp_details (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, source_id)
SELECT d.code_insee, 2021, 2024, 'age', a.modalite, s.sexe, d.pop * a.part * s.part, d.source_id
FROM data.rp_demographics d
CROSS JOIN (VALUES ('0014', 0.17), ('1529', 0.16), ('3044', 0.18), ('4559', 0.20), ('6074', 0.17), ('7589', 0.10), ('90p', 0.02),
                   ('0019', 0.23), ('2064', 0.54), ('65p', 0.23), ('80p', 0.06)) AS a(modalite, part)
CROSS JOIN (VALUES ('T', 1.0), ('H', 0.48), ('F', 0.52)) AS s(sexe, part)
WHERE s.sexe = 'T' OR a.modalite NOT IN ('0019', '2064', '65p', '80p');

-- Cors lacks the executives; nobody can say how many there are in the intercommunality.
INSERT INTO data.rp_details (code_insee, millesime, cog_annee, theme, modalite, sexe, valeur, source_id)
SELECT d.code_insee, 2021, 2024, m.theme, m.modalite, 'T', d.pop * m.part, d.source_id
FROM data.rp_demographics d
CROSS JOIN (VALUES ('menages', 'men', 0.4), ('menages', 'menpseul', 0.15), ('menages', 'mencoupaenf', 0.1),
                   ('menages', 'menfammono', 0.04), ('menages', 'fam', 0.24), ('menages', 'ne24f3', 0.02), ('menages', 'ne24f4p', 0.004),
                   ('csp', '15p', 0.8), ('csp', '3', 0.08), ('csp', '6', 0.1)) AS m(theme, modalite, part)
WHERE d.code_insee <> '99003' OR m.modalite <> '3';

UPDATE data.rp_housing SET pmen = CASE code_insee WHEN '99001' THEN 1980 WHEN '99002' THEN 1080 WHEN '99003' THEN 480 ELSE 300 END;
INSERT INTO data.rp_housing (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, men, pmen, code_source, source_id)
SELECT h.code_insee, 2015, 2024, h.log, h.rp, h.rsecocc, h.logvac, h.men - 50, (h.men - 50) * 2.4, h.code_insee, h.source_id
FROM data.rp_housing h;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['filosofi_zones', 'projections'] LOOP
        EXECUTE format('CREATE TABLE data.%I PARTITION OF data.%I DEFAULT', t || '_essai', t);
    END LOOP;
END $$;
UPDATE data.filosofi SET d1 = 12000, d9 = 39000, rd = 3.3, tp60_tol = '{"1": 6.5, "2": 25.5}', parts = '{"ppen": 31.2, "ppsoc": 5.1}',
       statuts = '{"tp60": "s", "ppsoc": "est"}' WHERE code_insee = '99001';
INSERT INTO data.filosofi_zones (niveau, code, millesime, cog_annee, med, tp60, source_id)
VALUES ('epci', '200000001', 2021, 2024, 21900, 12.5, pg_temp.source_de('filosofi')),
       ('dep', '99', 2021, 2024, 22100, 13.5, pg_temp.source_de('filosofi')),
       ('epci', '200000001', 2019, 2022, 20900, 12.9, pg_temp.source_de('filosofi'));

INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, perimetre, nature, fichier, sha256,
                               sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id)
SELECT 'projections', 'Producteur', 'projections', 'Licence Ouverte 2.0', '2018', 2025, 'FR', '', 'f', 'p', 'p', 1, 1, 1, max(id)
FROM data.import_runs;
-- 1 000 people in each of ten bands of each sex; the central scenario gains one in a hundred every five years.
INSERT INTO data.projections (scenario, niveau, code_zone, sexe, age_min, age_max, annee, population, modele, base_rp, source_id)
SELECT s.scenario, 'DEP', '99', x.sexe, b * 10 + CASE WHEN b > 0 THEN 5 ELSE 0 END,
       CASE WHEN b = 9 THEN 120 ELSE b * 10 + 14 END, y.annee, 1000 + s.pas * (y.annee - 2018) / 5.0, 'Omphale 2022', 2018,
       pg_temp.source_de('projections')
FROM (VALUES ('central', 10), ('haut', 20), ('bas', -10)) AS s(scenario, pas)
CROSS JOIN (VALUES ('H'), ('F')) AS x(sexe) CROSS JOIN generate_series(0, 9) AS b
CROSS JOIN generate_series(2018, 2070) AS y(annee);

REFRESH MATERIALIZED VIEW data.mv_personnes;
REFRESH MATERIALIZED VIEW data.mv_menages;
REFRESH MATERIALIZED VIEW data.mv_projections;
