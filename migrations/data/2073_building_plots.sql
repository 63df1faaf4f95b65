-- Building plots sold in the last five whole years, €/m² of land: few everywhere, so that years are taken together.
CREATE MATERIALIZED VIEW data.mv_dvf_terrains AS
WITH annees AS (
    SELECT max(annee) AS fin FROM data.mv_dvf_zone_fenetre WHERE fenetre = 1
), ventes AS (
    SELECT d.code_insee, d.source_id, d.valeur / d.surface_terrain AS prix_m2, d.surface_terrain, a.fin
    FROM data.dvf d JOIN annees a ON d.annee BETWEEN a.fin - 4 AND a.fin
    WHERE d.nature = 'Vente terrain à bâtir' AND d.valeur > 1000 AND d.surface_terrain > 0
      AND d.nb_maisons + d.nb_apparts + d.nb_locaux = 0
), rangs AS (
    SELECT 'com' AS niveau, t.code, v.*
    FROM ventes v CROSS JOIN LATERAL (SELECT v.code_insee AS code UNION SELECT data.commune_mere(v.code_insee)) t
    UNION ALL
    SELECT m.niveau, m.zone, v.* FROM ventes v JOIN data.zones_membres m ON m.code_insee = data.commune_mere(v.code_insee)
)
SELECT niveau, code, max(fin) AS annee, count(*) AS n, array_agg(DISTINCT source_id) AS sources,
       CASE WHEN count(*) >= 5 THEN round((percentile_cont(0.5) WITHIN GROUP (ORDER BY prix_m2))::numeric, 4) END AS med
FROM rangs GROUP BY niveau, code;
CREATE UNIQUE INDEX mv_dvf_terrains_cle ON data.mv_dvf_terrains (niveau, code);
ALTER TABLE data.mv_dvf_terrains OWNER TO lobster_importer;
GRANT SELECT ON data.mv_dvf_terrains TO lobster_api, lobster_worker, lobster_projector;
