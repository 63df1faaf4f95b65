-- Recipients of the family branch by territory, in the newest December. The producer rounds households to five: sums serve
-- rates only. Sums and their denominators are over the communes that the file names.
CREATE MATERIALIZED VIEW data.mv_allocataires AS
WITH lignes AS (
    SELECT f.code_insee, f.date_ref, max(f.source_id) AS source_id,
           max(f.foyers) FILTER (WHERE f.prestation = 'ndur') AS alloc,
           max(f.personnes) FILTER (WHERE f.prestation = 'ndur') AS pers,
           max(f.foyers) FILTER (WHERE f.prestation = 'rsa') AS rsa,
           max(f.foyers) FILTER (WHERE f.prestation = 'ppa') AS ppa,
           max(f.foyers) FILTER (WHERE f.prestation = 'aah') AS aah,
           max(f.foyers) FILTER (WHERE f.prestation = 'ndural') AS al,
           max(f.foyers) FILTER (WHERE f.prestation = 'asf') AS asf,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'ndur') AS alloc_statut,
           max(f.statut ->> 'personnes') FILTER (WHERE f.prestation = 'ndur') AS pers_statut,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'rsa') AS rsa_statut,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'ppa') AS ppa_statut,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'aah') AS aah_statut,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'ndural') AS al_statut,
           max(f.statut ->> 'foyers') FILTER (WHERE f.prestation = 'asf') AS asf_statut
    FROM data.caf_communal_courant f
    WHERE f.date_ref = (SELECT max(date_ref) FROM data.caf_communal)
      AND f.prestation IN ('ndur', 'rsa', 'ppa', 'aah', 'ndural', 'asf')
    GROUP BY f.code_insee, f.date_ref
)
SELECT m.niveau, m.zone AS code, max(l.date_ref) AS date_ref,
       array_agg(DISTINCT l.source_id) FILTER (WHERE l.source_id IS NOT NULL) AS sources,
       coalesce(sum(m.habitants) FILTER (WHERE l.source_id IS NOT NULL)::numeric / nullif(sum(m.habitants), 0), 1) AS part,
       sum(m.habitants) FILTER (WHERE l.source_id IS NOT NULL)::bigint AS habitants,
       CASE WHEN count(h.men) = count(l.source_id) THEN sum(h.men) FILTER (WHERE l.source_id IS NOT NULL) END AS men,
       min(h.sources) AS sources_menages,
       CASE WHEN count(l.alloc) = count(l.source_id) THEN sum(l.alloc) END AS alloc, max(l.alloc_statut) AS alloc_statut,
       CASE WHEN count(l.pers) = count(l.source_id) THEN sum(l.pers) END AS pers, max(l.pers_statut) AS pers_statut,
       CASE WHEN count(l.rsa) = count(l.source_id) THEN sum(l.rsa) END AS rsa, max(l.rsa_statut) AS rsa_statut,
       CASE WHEN count(l.ppa) = count(l.source_id) THEN sum(l.ppa) END AS ppa, max(l.ppa_statut) AS ppa_statut,
       CASE WHEN count(l.aah) = count(l.source_id) THEN sum(l.aah) END AS aah, max(l.aah_statut) AS aah_statut,
       CASE WHEN count(l.al) = count(l.source_id) THEN sum(l.al) END AS al, max(l.al_statut) AS al_statut,
       CASE WHEN count(l.asf) = count(l.source_id) THEN sum(l.asf) END AS asf, max(l.asf_statut) AS asf_statut
FROM data.niveaux m
LEFT JOIN lignes l ON l.code_insee = m.code
LEFT JOIN data.mv_menages h ON h.niveau = 'com' AND h.code = m.code AND l.source_id IS NOT NULL
GROUP BY m.niveau, m.zone
HAVING count(l.source_id) > 0;
CREATE UNIQUE INDEX mv_allocataires_cle ON data.mv_allocataires (niveau, code);

DO $$
BEGIN
    ALTER TABLE data.mv_allocataires OWNER TO lobster_importer;
    GRANT SELECT ON data.mv_allocataires TO lobster_api, lobster_worker, lobster_projector;
END $$;
