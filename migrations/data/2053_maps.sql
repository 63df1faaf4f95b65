-- Maps of an EPCI or a département, made when outlines are imported: one compressed TopoJSON document each, under the
-- digest of its content. The ones before stay for the pages that name them (datasets/src/maps).
CREATE TABLE data.cartes (
    niveau text NOT NULL CHECK (niveau IN ('epci', 'departements')), code text NOT NULL,
    empreinte text NOT NULL CHECK (empreinte ~ '^[0-9a-f]{64}$'), -- SHA-256 of the document
    annee int NOT NULL,                  -- geography
    nature text NOT NULL CHECK (nature IN ('contours', 'schematique')),
    source text NOT NULL,                -- who drew the outlines, as printed beside a map
    octets int NOT NULL,                 -- of the document; `contenu` is smaller
    contenu bytea NOT NULL,              -- brotli
    courante boolean NOT NULL, cree_le timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (niveau, code, empreinte));
CREATE UNIQUE INDEX cartes_courantes ON data.cartes (niveau, code) WHERE courante;
ALTER TABLE data.cartes ALTER COLUMN contenu SET STORAGE EXTERNAL; -- already compressed
ALTER TABLE data.cartes OWNER TO lobster_importer;
GRANT SELECT ON data.cartes TO lobster_api, lobster_worker, lobster_projector;
