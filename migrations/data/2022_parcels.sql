-- Parcels of the communes that somebody asked about: the whole cadastre does not fit. One partition per commune loaded,
-- dropped when it is too old (datasets/src/parcelles).
CREATE TABLE data.parcelles (
    id text NOT NULL CHECK (length(id) = 14), -- commune 5, prefix 3, section 2, number 4
    code_insee text NOT NULL, prefixe text NOT NULL, section text NOT NULL, numero text NOT NULL,
    contenance int,                           -- m² of the land register, NULL where it gives none
    arpente boolean, millesime text NOT NULL, geom geometry(MultiPolygon, 4326) NOT NULL,
    code_source text NOT NULL, cog_annee int NOT NULL, source_id int NOT NULL,
    PRIMARY KEY (id, source_id)
) PARTITION BY LIST (source_id);
CREATE INDEX parcelles_section ON data.parcelles (code_insee, section);
CREATE INDEX parcelles_geom ON data.parcelles USING gist (geom);
ALTER TABLE data.parcelles OWNER TO lobster_importer;
GRANT SELECT ON data.parcelles TO lobster_api, lobster_worker, lobster_projector;

-- A drawing that disagrees with the register on many parcels is not to be measured: share of those more than a fifth off.
CREATE VIEW data.parcelles_ecarts AS
    SELECT source_id, code_insee, count(*) AS nb,
           count(*) FILTER (WHERE abs(ST_Area(geom::geography) - contenance) > 0.2 * contenance)::numeric / count(*) AS part
    FROM data.parcelles WHERE contenance > 0 GROUP BY source_id, code_insee;
ALTER VIEW data.parcelles_ecarts OWNER TO lobster_importer;
GRANT SELECT ON data.parcelles_ecarts TO lobster_api, lobster_worker, lobster_projector;
