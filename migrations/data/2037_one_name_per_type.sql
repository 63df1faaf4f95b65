-- A vintage may have two lists, a real one and the one that came with generated facilities. Readers see one name per
-- code, the real one first: a facility joined to its type is counted once.
ALTER TABLE data.bpe_typequ RENAME TO bpe_types;
CREATE VIEW data.bpe_typequ AS
    SELECT DISTINCT ON (t.millesime, t.code) t.millesime, t.code, t.libelle, t.domaine, t.service, t.source_id
    FROM data.bpe_types t JOIN data.data_sources s ON s.id = t.source_id
    ORDER BY t.millesime, t.code, s.synthetique, t.source_id DESC;
ALTER VIEW data.bpe_typequ OWNER TO lobster_importer;
GRANT SELECT ON data.bpe_typequ TO lobster_api, lobster_worker, lobster_projector;
