-- Health and social establishments. About three in a hundred have no coordinates.
CREATE TABLE data.finess (
    nofinesset text NOT NULL CHECK (nofinesset ~ '^[0-9A-Z]{9}$'), nofinessej text,
    raison_sociale text NOT NULL, categorie text NOT NULL, categorie_lib text, code_insee text NOT NULL,
    code_postal text, siret text, date_ouverture date,
    geom geometry(Point, 4326), qualite_geo text, -- how the producer found the place
    cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (nofinesset, source_id)
) PARTITION BY LIST (source_id);
CREATE INDEX finess_commune ON data.finess (code_insee, categorie);
CREATE INDEX finess_geom ON data.finess USING gist (geom);

-- Practitioners: one row per person, activity and place. `pp_hash` says that two rows are one person, within one file
-- only: its key is forgotten with the import. No name, no address, no telephone was ever read.
CREATE TABLE data.rpps (
    pp_hash bytea NOT NULL, profession text NOT NULL, savoir_faire text, mode text CHECK (mode IN ('L', 'S', 'B')),
    secteur text, code_insee text, code_postal text, finess_site text, extraction date NOT NULL,
    statut_commune text NOT NULL CHECK (statut_commune IN ('ok', 'est', 'nd')), -- est: deduced from the postal code
    cog_annee int NOT NULL, code_source text, source_id int NOT NULL,
    CHECK ((code_insee IS NULL) = (statut_commune = 'nd'))
) PARTITION BY LIST (source_id);
CREATE INDEX rpps_commune ON data.rpps (code_insee, profession, savoir_faire);

DO $$
DECLARE relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['finess', 'rpps'] LOOP
        EXECUTE format('ALTER TABLE data.%I OWNER TO lobster_importer', relation);
        EXECUTE format('GRANT SELECT ON data.%I TO lobster_api, lobster_worker, lobster_projector', relation);
    END LOOP;
END $$;
