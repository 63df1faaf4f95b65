-- The housing market: tension zones, advertised rents, sales.
CREATE TABLE data.zonage_abc (
    code_insee text NOT NULL, date_effet date NOT NULL,
    zone text NOT NULL CHECK (zone IN ('Abis', 'A', 'B1', 'B2', 'C')),
    zone_precedente text CHECK (zone_precedente IN ('Abis', 'A', 'B1', 'B2', 'C')),
    mouvement text NOT NULL DEFAULT 'Non', cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, date_effet, source_id)
) PARTITION BY LIST (source_id);

CREATE TABLE data.anil_loyers (
    code_insee text NOT NULL, annee int NOT NULL,
    segment text NOT NULL CHECK (segment IN ('app', 'app12', 'app3', 'mai')),
    loyer_m2 numeric NOT NULL,               -- euro per m² and month, charges included
    borne_basse numeric, borne_haute numeric, type_prediction text CHECK (type_prediction IN ('commune', 'maille')),
    nb_obs_commune int, nb_obs_maille int, r2 numeric,
    statut jsonb NOT NULL DEFAULT '{}',      -- figure → nd where the file does not carry it, est after a merger
    cog_annee int NOT NULL, code_source text NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (code_insee, annee, segment, source_id)
) PARTITION BY LIST (source_id);

-- One row per mutation: the producer's lines repeat the price of the whole sale on each of them.
CREATE TABLE data.dvf (
    cle_mutation bytea NOT NULL,             -- md5 of date, nature, price, département
    date_mutation date NOT NULL, annee smallint NOT NULL, nature text NOT NULL, valeur numeric(14, 2),
    code_insee text NOT NULL, departement text NOT NULL,
    nb_lignes int NOT NULL, nb_communes int NOT NULL, nb_parcelles int NOT NULL,
    nb_maisons int NOT NULL, nb_apparts int NOT NULL, nb_dependances int NOT NULL, nb_locaux int NOT NULL,
    type_logement text CHECK (type_logement IN ('maison', 'appartement')), -- of a sale of one dwelling
    surface_bati int, surface_terrain int, pieces smallint, prix_m2 numeric,
    exploitable boolean NOT NULL, motif_exclusion text,
    id_parcelle_principale text, geom geometry(Point, 4326), cog_annee int NOT NULL, source_id int NOT NULL,
    CHECK (exploitable = (motif_exclusion IS NULL)),
    PRIMARY KEY (cle_mutation, annee, source_id)
) PARTITION BY LIST (source_id);
CREATE INDEX dvf_commune ON data.dvf (code_insee, date_mutation) INCLUDE (prix_m2, type_logement, exploitable);
CREATE INDEX dvf_departement ON data.dvf (departement, annee) WHERE exploitable;

-- Départements whose land register is kept apart: no sale is published there, which is not « no sale ».
CREATE VIEW data.dvf_non_couverts AS SELECT unnest(ARRAY['57', '67', '68', '976']) AS departement;

-- The raw layout cuts the code in two and drops leading zeros at random: 1 + 4 is 01004, 974 + 11 is 97411.
CREATE FUNCTION data.code_dvf(departement text, commune text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN length(departement) = 3 THEN departement || lpad(commune, 2, '0')
               ELSE lpad(departement, 2, '0') || lpad(commune, 3, '0') END $$;
