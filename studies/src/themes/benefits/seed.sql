-- Benefits of the four communes of the essay: Cors is too small to be named, Dune has a nil that may hide somebody.
CREATE FUNCTION pg_temp.source_b(wanted text) RETURNS int LANGUAGE sql AS
$$ SELECT id FROM data.data_sources WHERE dataset = wanted $$;
INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, perimetre, nature, fichier, sha256,
                               sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id)
SELECT d.name, 'Producteur', d.name, 'Licence Ouverte 2.0', '2024', 2025, 'FR', '', 'f', d.name, d.name, 1, 1, 1, r.id
FROM (SELECT max(id) AS id FROM data.import_runs) r
CROSS JOIN (VALUES ('caf_communal'), ('aides_dept'), ('population_departements')) AS d(name);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['caf_communal', 'aides_dept', 'population_departements'] LOOP
        EXECUTE format('CREATE TABLE data.%I PARTITION OF data.%I DEFAULT', t || '_essai', t);
    END LOOP;
END $$;

INSERT INTO data.caf_communal (code_insee, date_ref, prestation, foyers, personnes, statut, cog_annee, code_source, source_id)
SELECT c.code, make_date(c.annee, 12, 31), p.prestation, p.foyers * c.poids, p.personnes * c.poids,
       CASE WHEN c.poids = 0 THEN '{"foyers": "ns", "personnes": "ns"}'::jsonb ELSE '{}' END, 2025, c.code, pg_temp.source_b('caf_communal')
FROM (VALUES ('99001', 2024, 10), ('99002', 2024, 5), ('99004', 2024, 0), ('99001', 2023, 9)) AS c(code, annee, poids)
CROSS JOIN (VALUES ('ndur', 100, 230), ('rsa', 9, 20), ('ppa', 30, NULL), ('aah', 10, NULL), ('ndural', 45, 90), ('asf', 5, NULL))
     AS p(prestation, foyers, personnes);

-- The payer answered for institutions in 2022 only; inhabitants are known of 2022.
INSERT INTO data.aides_dept (code_dept, annee, prestation, lieu, beneficiaires, statut, source_id)
SELECT '99', annee, prestation, lieu, n, CASE WHEN n IS NULL THEN '{"beneficiaires": "nd"}'::jsonb ELSE '{}' END,
       pg_temp.source_b('aides_dept')
FROM (VALUES (2022, 'APA', 'domicile', 80), (2022, 'APA', 'etablissement', 60), (2022, 'PCH', 'ensemble', 40),
             (2023, 'APA', 'domicile', 85), (2023, 'APA', 'etablissement', NULL), (2023, 'PCH', 'ensemble', 42))
     AS a(annee, prestation, lieu, n);
INSERT INTO data.population_departements (code_dept, annee, sexe, age_min, age_max, population, source_id)
SELECT '99', 2022, s.sexe, a.de, a.au, a.n * s.poids, pg_temp.source_b('population_departements')
FROM (VALUES (0, 19, 1000), (20, 39, 1500), (40, 59, 1500), (60, 74, 500), (75, 120, 500), (0, 120, 5000)) AS a(de, au, n)
CROSS JOIN (VALUES ('T', 2), ('H', 1), ('F', 1)) AS s(sexe, poids);

REFRESH MATERIALIZED VIEW data.mv_allocataires;
