-- Benefits paid by the family branch, by commune and December. Long form: one row per benefit that the file names.
-- The producer rounds households to 5 and euro to 100, so that a published 0 may hide one or two households: `ns`.
CREATE TABLE data.caf_communal (
    code_insee text NOT NULL,                -- `non_localise`: recipients whose commune is not known, never shared out
    date_ref date NOT NULL, prestation text NOT NULL, -- ndur (all), rsa, ppa, aah, ndural (housing) …
    foyers int, personnes int, montant numeric, -- euro paid in that one month
    statut jsonb NOT NULL DEFAULT '{}',      -- figure → nd, s, ns, est; a figure not named here is ok
    cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, date_ref, prestation, source_id)
) PARTITION BY LIST (source_id);

-- Allowances of the départements (APA, PCH, ACTP, ASH): the payer is not always a département of the map.
CREATE TABLE data.aides_dept (
    code_dept text NOT NULL,                 -- 69D, 69M, 20 (Corsica since 2018) beside the usual codes
    annee int NOT NULL, prestation text NOT NULL CHECK (prestation IN ('APA', 'PCH', 'ACTP', 'ASH')),
    lieu text NOT NULL CHECK (lieu IN ('domicile', 'etablissement', 'ensemble')),
    beneficiaires int, depenses_milliers_eur numeric,
    statut jsonb NOT NULL DEFAULT '{}',      -- figure → nd, ns, est (estimated by the producer)
    origine jsonb NOT NULL DEFAULT '{}',     -- classeur, feuille, plage, sha256 of the workbook the row was read from
    source_id int NOT NULL,
    PRIMARY KEY (code_dept, annee, prestation, lieu, source_id)
) PARTITION BY LIST (source_id);

-- Who pays for a commune of that département: two payers share the Rhône, and Corsica has been one since 2018.
CREATE FUNCTION data.payeur_des_aides(departement text, epci text, annee int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN departement = '69' THEN CASE WHEN epci = '200046977' THEN '69M' ELSE '69D' END
               WHEN departement IN ('2A', '2B') AND annee >= 2018 THEN '20' ELSE departement END $$;

-- Projections of the producer. Nothing below the département: the model serves zones of 50,000 inhabitants and more.
CREATE TABLE data.projections (
    scenario text NOT NULL,                  -- central, haut, bas …
    niveau text NOT NULL CHECK (niveau IN ('FRA', 'REG', 'DEP')),
    code_zone text NOT NULL CHECK (code_zone ~ '^(F|[0-9]{2}|2[AB]|9[78][0-9])$'),
    sexe text NOT NULL CHECK (sexe IN ('H', 'F', 'T')),
    age_min smallint NOT NULL, age_max smallint, -- whole years, both included; no upper bound for the last band
    annee int NOT NULL, population numeric NOT NULL CHECK (population >= 0),
    modele text NOT NULL, base_rp int NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (scenario, niveau, code_zone, sexe, age_min, annee, source_id)
) PARTITION BY LIST (source_id);

-- Estimated populations by sex and large age group: what a projection must start from, and what APA and PCH are
-- divided by.
CREATE TABLE data.population_departements (
    code_dept text NOT NULL, annee int NOT NULL, sexe text NOT NULL CHECK (sexe IN ('H', 'F', 'T')),
    age_min smallint NOT NULL, age_max smallint, population int NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_dept, annee, sexe, age_min, source_id)
) PARTITION BY LIST (source_id);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['caf_communal', 'aides_dept', 'projections', 'population_departements'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
