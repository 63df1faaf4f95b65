-- The reference geography: communes and what they belong to, in the current Code officiel géographique.
CREATE TABLE data.regions (
    code text PRIMARY KEY, nom text NOT NULL, zone text NOT NULL, source_id int NOT NULL REFERENCES data.data_sources);

CREATE TABLE data.departements (
    code text PRIMARY KEY, nom text NOT NULL, region text NOT NULL, zone text NOT NULL, chef_lieu text,
    source_id int NOT NULL REFERENCES data.data_sources);

CREATE TABLE data.arrondissements (
    code text PRIMARY KEY, nom text NOT NULL, departement text NOT NULL, region text NOT NULL, chef_lieu text,
    source_id int NOT NULL REFERENCES data.data_sources);

CREATE TABLE data.epci (
    siren text PRIMARY KEY, nom text NOT NULL, type text NOT NULL, mode_financement text,
    population_municipale int, cog_annee int NOT NULL, source_id int NOT NULL REFERENCES data.data_sources);

CREATE TABLE data.communes (
    code_insee        text PRIMARY KEY,
    nom               text NOT NULL,
    nom_norm          text NOT NULL,          -- data.nom_norm(nom), for the search box
    departement       text NOT NULL,
    region            text NOT NULL,
    epci_siren        text REFERENCES data.epci DEFERRABLE INITIALLY DEFERRED,
    arrondissement    text,
    siren             text,
    population        int,
    superficie_km2    numeric,                -- NULL while the shapes are schematic
    codes_postaux     text[] NOT NULL DEFAULT '{}',
    cog_annee         int NOT NULL,
    est_plm           boolean NOT NULL DEFAULT false, -- Paris, Lyon, Marseille
    densite7          smallint,
    geom              geometry(MultiPolygon, 4326),
    centroide         geometry(Point, 4326),
    source_id         int NOT NULL REFERENCES data.data_sources,
    contour_source_id int REFERENCES data.data_sources
);
CREATE INDEX communes_geom ON data.communes USING gist (geom);
CREATE INDEX communes_centroide ON data.communes USING gist (centroide);
CREATE INDEX communes_nom_norm ON data.communes USING gin (nom_norm gin_trgm_ops);
CREATE INDEX communes_departement ON data.communes (departement);
CREATE INDEX communes_epci ON data.communes (epci_siren);

CREATE TABLE data.arrondissements_plm (
    code text PRIMARY KEY, parent text NOT NULL REFERENCES data.communes DEFERRABLE INITIALLY DEFERRED,
    nom text NOT NULL, numero smallint NOT NULL, population int, codes_postaux text[] NOT NULL DEFAULT '{}',
    source_id int NOT NULL REFERENCES data.data_sources);

-- The city of a municipal arrondissement; any other code is its own.
CREATE FUNCTION data.commune_mere(code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN code BETWEEN '75101' AND '75120' THEN '75056'
               WHEN code BETWEEN '13201' AND '13216' THEN '13055'
               WHEN code BETWEEN '69381' AND '69389' THEN '69123' ELSE code END $$;

-- Old code → current code. `ratio` is below 1 only where a commune was split again.
CREATE TABLE data.commune_passage (
    code_ancien text NOT NULL, annee_de int NOT NULL, code_actuel text NOT NULL, ratio numeric NOT NULL,
    motif text NOT NULL, source_id int NOT NULL REFERENCES data.data_sources,
    PRIMARY KEY (code_ancien, annee_de, code_actuel));

-- Where a published code leads today: itself while it exists, else its successor. Written again whenever communes or
-- passages are imported; a view would be computed anew for every row that a load joins to it.
CREATE TABLE data.rattachement (
    code_source text NOT NULL, code_insee text NOT NULL, ratio numeric NOT NULL,
    principal boolean NOT NULL); -- the one successor of what cannot be shared out: a sale, a shape, a rent
CREATE INDEX ON data.rattachement (code_source);
CREATE VIEW data.rattachement_unique AS SELECT code_source, code_insee FROM data.rattachement WHERE principal;

CREATE TABLE data.communes_voisines (
    code_insee text NOT NULL, voisine text NOT NULL, PRIMARY KEY (code_insee, voisine));

-- Which shapes the map shows: real contours, or a schematic tessellation that must be labelled as such.
CREATE VIEW data.contours_meta AS
    SELECT c.departement, CASE s.nature WHEN 'schematique' THEN 'schematique' ELSE 'contours' END AS kind,
           s.millesime AS annee, s.id AS source_id
    FROM data.communes c JOIN data.data_sources s ON s.id = c.contour_source_id
    GROUP BY c.departement, s.id;

-- Every published code, old or new, that leads into a département.
CREATE FUNCTION data.territoires_de(departement text) RETURNS TABLE (code_source text) LANGUAGE sql STABLE AS
$$ SELECT r.code_source FROM data.rattachement r
   JOIN data.communes c ON c.code_insee = data.commune_mere(r.code_insee) WHERE c.departement = $1 $$;
