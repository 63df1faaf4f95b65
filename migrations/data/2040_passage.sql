-- The passage between geographies, with its years. A commune that joined another and left it again keeps its code all
-- along, and so does the other: what a code means depends on the year of the file that writes it.
ALTER TABLE data.commune_passage DROP CONSTRAINT commune_passage_pkey;
ALTER TABLE data.commune_passage
    ADD COLUMN annee_a int NOT NULL DEFAULT 9999,     -- first geography in which the passage is done
    ALTER COLUMN ratio DROP NOT NULL,                 -- share of the inhabitants; NULL where the source gives none
    ADD PRIMARY KEY (code_ancien, annee_de, annee_a, code_actuel, source_id);

DROP VIEW data.rattachement_unique;
DROP FUNCTION data.territoires_de(text);
DROP TABLE data.rattachement;

-- Where a published code leads today, for files whose geography lies between two years.
CREATE TABLE data.rattachement_dates (
    code_source text NOT NULL, de int NOT NULL, a int NOT NULL, code_insee text NOT NULL,
    ratio numeric NOT NULL,      -- share of the published figure that goes to code_insee
    principal boolean NOT NULL,  -- the one successor of what cannot be shared out: a sale, a shape, a rent
    estime boolean NOT NULL      -- the territory is not exactly that of the file
);
CREATE INDEX ON data.rattachement_dates (code_source);
ALTER TABLE data.rattachement_dates OWNER TO lobster_importer;

-- For a file of that geography.
CREATE FUNCTION data.rattachement_au(cog int)
RETURNS TABLE (code_source text, code_insee text, ratio numeric, principal boolean, estime boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT r.code_source, r.code_insee, r.ratio, r.principal, r.estime FROM data.rattachement_dates r
   WHERE cog BETWEEN r.de AND r.a $$;

-- For files that mix years: every code as it was last understood.
CREATE VIEW data.rattachement AS
    SELECT code_source, code_insee, ratio, principal, estime FROM data.rattachement_dates WHERE a = 9999;
CREATE VIEW data.rattachement_unique AS SELECT code_source, code_insee FROM data.rattachement WHERE principal;
ALTER VIEW data.rattachement OWNER TO lobster_importer;
ALTER VIEW data.rattachement_unique OWNER TO lobster_importer;
GRANT SELECT ON data.rattachement_dates, data.rattachement, data.rattachement_unique
    TO lobster_api, lobster_worker, lobster_projector;

-- Every published code, old or new, that leads into a département.
CREATE FUNCTION data.territoires_de(departement text) RETURNS TABLE (code_source text) LANGUAGE sql STABLE AS
$$ SELECT r.code_source FROM data.rattachement r
   JOIN data.communes c ON c.code_insee = data.commune_mere(r.code_insee) WHERE c.departement = $1 $$;

-- The établissements publics territoriaux of Greater Paris: a second level inside the Métropole, which stays the EPCI.
CREATE TABLE data.ept (
    siren text PRIMARY KEY, nom text NOT NULL, epci_siren text NOT NULL, population_municipale int,
    cog_annee int NOT NULL, source_id int NOT NULL REFERENCES data.data_sources);
ALTER TABLE data.ept OWNER TO lobster_importer;
ALTER TABLE data.communes ADD COLUMN ept_siren text REFERENCES data.ept DEFERRABLE INITIALLY DEFERRED;
GRANT SELECT ON data.ept TO lobster_api, lobster_worker, lobster_projector;

-- Territories that a source leaves out altogether: there, no row means « non couvert » and never zero.
CREATE VIEW data.non_couverts AS
    SELECT * FROM (VALUES
        ('rp_housing', '976'), ('rp_demographics', '976'), ('lovac', '976'),
        ('filosofi', '971'), ('filosofi', '973'), ('filosofi', '976'),
        ('dvf', '57'), ('dvf', '67'), ('dvf', '68'), ('dvf', '976')) AS v (dataset, departement);
ALTER VIEW data.non_couverts OWNER TO lobster_importer;
GRANT SELECT ON data.non_couverts TO lobster_api, lobster_worker, lobster_projector;

-- What a missing row means: `nc` where the source does not go, `ok` where absence is a zero (the social stock of a
-- commune that a loaded file does not name), `ab` otherwise.
CREATE FUNCTION data.statut_absent(dataset text, code text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE
       WHEN EXISTS (SELECT FROM data.non_couverts n JOIN data.communes c ON c.departement = n.departement
                    WHERE n.dataset = $1 AND c.code_insee = data.commune_mere($2)) THEN 'nc'
       WHEN $1 = 'rpls' AND EXISTS (SELECT FROM data.data_sources s JOIN data.communes c ON s.perimetre IN ('FR', c.departement)
                                    WHERE s.active AND s.dataset = 'rpls' AND c.code_insee = data.commune_mere($2)) THEN 'ok'
       ELSE 'ab' END $$;
