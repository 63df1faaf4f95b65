, millesime AS (
    SELECT max(millesime) AS annee FROM data.rp_demographics
),
portees AS (
    SELECT scope, code, habitants FROM membres UNION ALL SELECT 'sim', unnest($3::text[]), 0
),
lignes AS (
    SELECT p.scope, CASE WHEN p.scope = 'sim' THEN p.code END AS pair, p.habitants, d.*
    FROM portees p JOIN data.rp_demographics d ON d.code_insee = p.code
    JOIN millesime ON millesime.annee = d.millesime
)
-- Both dates are summed over the communes known at both.
SELECT l.scope, l.millesime AS annee, array_agg(DISTINCT l.source_id) AS sources,
       coalesce(sum(l.habitants)::numeric / nullif(max(t.habitants), 0), 1) AS part,
       round(sum(l.pop) FILTER (WHERE l.pop_m5 IS NOT NULL OR l.millesime_m5 IS NULL), 6) AS pop,
       round(sum(l.pop_m5), 6) AS pop_m5, max(l.millesime_m5) AS annee_m5
FROM lignes l LEFT JOIN totaux t USING (scope)
GROUP BY l.scope, l.pair, l.millesime
HAVING sum(l.pop) FILTER (WHERE l.pop_m5 IS NOT NULL OR l.millesime_m5 IS NULL) IS NOT NULL
ORDER BY l.scope, l.millesime, l.pair
