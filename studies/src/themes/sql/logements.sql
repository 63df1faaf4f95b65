, portees AS (
    SELECT scope, code, habitants FROM membres
    UNION ALL
    SELECT 'sim', c.code_insee, c.population FROM data.communes c WHERE c.code_insee = ANY($3)
),
lignes AS (
    SELECT p.scope, CASE WHEN p.scope = 'sim' THEN p.code END AS pair, coalesce(p.habitants, 0) AS habitants, h.*
    FROM portees p JOIN data.rp_housing h ON h.code_insee = p.code
    WHERE p.scope <> 'sim' OR h.millesime = (SELECT max(millesime) FROM data.rp_housing)
)
SELECT l.scope, l.millesime AS annee, array_agg(DISTINCT l.source_id) AS sources,
       coalesce(sum(l.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part,
       coalesce(max(t.habitants), sum(l.habitants))::bigint AS habitants,
       round(sum(l.log), 6) AS log, round(sum(l.rp), 6) AS rp, round(sum(l.rsecocc), 6) AS rsecocc,
       round(sum(l.logvac), 6) AS logvac,
       -- A column that one commune lacks has no sum.
       CASE WHEN count(l.maison) = count(*) THEN round(sum(l.maison), 6) END AS maison,
       CASE WHEN count(l.appart) = count(*) THEN round(sum(l.appart), 6) END AS appart,
       CASE WHEN count(l.rp_prop) = count(*) THEN round(sum(l.rp_prop), 6) END AS rp_prop,
       CASE WHEN count(l.rp_loc) = count(*) THEN round(sum(l.rp_loc), 6) END AS rp_loc,
       CASE WHEN count(l.rp_hlm) = count(*) THEN round(sum(l.rp_hlm), 6) END AS rp_hlm,
       CASE WHEN count(l.men) = count(*) THEN round(sum(l.men), 6) END AS men
FROM lignes l LEFT JOIN totaux t USING (scope)
GROUP BY l.scope, l.pair, l.millesime
ORDER BY l.scope, l.millesime, l.pair
