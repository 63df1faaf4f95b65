-- Schema `data`: open data, reloadable at any time. Here: who published what, and what each import did.
CREATE SCHEMA data;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- One row per run of an importer, successful or not.
CREATE TABLE data.import_runs (
    id                 int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset            text NOT NULL,
    statut             text NOT NULL CHECK (statut IN ('en_cours', 'promu', 'echec', 'essai')),
    debut              timestamptz NOT NULL DEFAULT now(),
    fin                timestamptz,
    version_importeur  int NOT NULL,
    parametres         jsonb NOT NULL DEFAULT '{}',
    compteurs          jsonb NOT NULL DEFAULT '{}',
    erreur             text
);

-- One row per file that reached the tables. Never deleted: a report made from a replaced file still names it.
CREATE TABLE data.data_sources (
    id                    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset               text NOT NULL,
    producteur            text NOT NULL,
    titre                 text NOT NULL,
    url_origine           text,
    licence               text NOT NULL,
    millesime             text NOT NULL,
    date_publication      date,
    cog_annee             int NOT NULL,
    perimetre             text NOT NULL DEFAULT 'FR', -- FR, a département, or a commune code
    partie                text NOT NULL DEFAULT '',   -- which of several sibling files, e.g. app12
    nature                text NOT NULL DEFAULT '',   -- contours: `contours` or `schematique`
    fichier               text NOT NULL,
    sha256                text NOT NULL,              -- of the file as received
    sha256_decompresse    text NOT NULL,
    octets                bigint NOT NULL,
    lignes_lues           bigint NOT NULL,
    lignes_gardees        bigint NOT NULL,
    synthetique           boolean NOT NULL DEFAULT false,
    obtenu_le             timestamptz NOT NULL DEFAULT now(),
    import_run_id         int NOT NULL REFERENCES data.import_runs,
    remplacee_par         int REFERENCES data.data_sources,
    active                boolean NOT NULL DEFAULT true
);
CREATE INDEX ON data.data_sources (dataset) WHERE active;

CREATE TABLE data.import_rejets (
    run_id  int NOT NULL REFERENCES data.import_runs,
    ligne   bigint NOT NULL,
    motif   text NOT NULL,
    brut    text NOT NULL
);
CREATE INDEX ON data.import_rejets (run_id);

-- A number that changes with every promotion: a report keeps it and so knows which data it saw.
CREATE TABLE data.reference_version (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cree_le  timestamptz NOT NULL DEFAULT now(),
    sources  int[] NOT NULL
);

-- Figures as producers write them: « 10 877 », « 9,37 », « 2e+05 », « s ».
CREATE FUNCTION data.sans_blancs(brut text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(brut, E' \t\u00a0\u202f\u2009', '') $$;

-- Is this cell a figure, a known mark of absence, or empty? Anything else is a fault of the file.
CREATE FUNCTION data.est_lisible(brut text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT brut IS NULL OR data.sans_blancs(brut) ~* '^(|s|nd|ns|nc|-?[0-9]+([.,][0-9]+)?(e[+-]?[0-9]{1,2})?)$' $$;

-- The figure, or NULL when the cell holds none. Nothing missing becomes zero.
CREATE FUNCTION data.nombre(brut text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN data.sans_blancs(brut) ~* '^-?[0-9]+([.,][0-9]+)?(e[+-]?[0-9]{1,2})?$'
               THEN replace(data.sans_blancs(brut), ',', '.')::numeric END $$;

-- Why there is no figure: s (secret), nd, ns, nc; `nd` also for an empty cell. NULL when there is one.
CREATE FUNCTION data.statut(brut text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN brut IS NULL OR data.sans_blancs(brut) = '' THEN 'nd'
               WHEN lower(data.sans_blancs(brut)) IN ('s', 'nd', 'ns', 'nc') THEN lower(data.sans_blancs(brut)) END $$;

-- A name as people type it: « Saint-Herblain » and « st herblain » become the same text.
-- The two-argument form of unaccent names its dictionary, so the result does not depend on the search path.
CREATE FUNCTION data.nom_norm(nom text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT trim(regexp_replace(regexp_replace(
       translate(lower(public.unaccent('public.unaccent'::regdictionary, nom)), '-''’', '   '),
       '\m(st)(e?)\M', 'saint\2', 'g'), '\s+', ' ', 'g')) $$;

-- A commune code whose leading zero a spreadsheet ate: only départements 01 to 09 have codes of four digits then.
CREATE FUNCTION data.code_commune(brut text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN trim(brut) ~ '^[1-9][0-9]{3}$' THEN '0' || trim(brut) ELSE upper(trim(brut)) END $$;
