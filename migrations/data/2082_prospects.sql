-- Projected populations of the départements by scenario and year, all ages and both sexes together, from the newest model.
-- Files tell a total, bands, both sexes apart or together: of each zone and scenario the most detailed serves, alone.
CREATE MATERIALIZED VIEW data.mv_projections AS
WITH modele AS (
    SELECT max(base_rp) AS base_rp FROM data.projections
), lignes AS (
    SELECT p.*, p.age_min = 0 AND p.age_max = 120 AS tous_ages
    FROM data.projections p JOIN modele USING (base_rp)
    WHERE p.niveau = 'DEP' AND p.scenario IN ('central', 'haut', 'bas')
), choix AS (
    SELECT scenario, code_zone, bool_or(sexe <> 'T') AS par_sexe, bool_or(NOT tous_ages) AS par_age, max(source_id) AS source_id
    FROM lignes GROUP BY scenario, code_zone
)
SELECT l.code_zone, l.scenario, l.annee, l.base_rp, l.source_id, sum(l.population) AS population,
       -- A band across the limit would be counted on neither side.
       CASE WHEN bool_and(l.age_min >= 65 OR l.age_max < 65) THEN coalesce(sum(l.population) FILTER (WHERE l.age_min >= 65), 0) END
           AS agees
FROM lignes l JOIN choix c USING (scenario, code_zone, source_id)
WHERE (l.sexe <> 'T') = c.par_sexe AND l.tous_ages <> c.par_age
GROUP BY l.code_zone, l.scenario, l.annee, l.base_rp, l.source_id;
CREATE UNIQUE INDEX mv_projections_cle ON data.mv_projections (code_zone, scenario, annee);

DO $$
BEGIN
    ALTER TABLE data.mv_projections OWNER TO lobster_importer;
    GRANT SELECT ON data.mv_projections TO lobster_api, lobster_worker, lobster_projector;
END $$;
