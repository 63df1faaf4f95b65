, derniere AS (
    SELECT max(annee) AS annee FROM data.anil_loyers
),
-- A mean over communes weighs each by its dwellings let by private landlords.
poids AS (
    SELECT h.code_insee, h.source_id, greatest(h.rp_loc - h.rp_hlm, 0) AS loues
    FROM data.rp_housing h WHERE h.millesime = (SELECT max(millesime) FROM data.rp_housing)
),
moyennes AS (
    SELECT m.scope, l.annee, l.segment, array_agg(DISTINCT l.source_id) || array_agg(DISTINCT p.source_id) AS sources,
           sum(p.loues) AS loues, sum(p.loues * l.loyer_m2) AS pondere
    FROM membres m JOIN poids p ON p.code_insee = m.code
    JOIN data.anil_loyers l ON l.code_insee = m.code JOIN derniere USING (annee)
    WHERE m.scope <> 'com'
    GROUP BY m.scope, l.annee, l.segment
),
-- What the mean should rest on: all weights, of communes that are nearly all the inhabitants.
attendus AS (
    SELECT m.scope, sum(p.loues) AS loues,
           coalesce(sum(m.habitants) FILTER (WHERE p.loues IS NOT NULL)::numeric / nullif(sum(m.habitants), 0), 0) AS connus
    FROM membres m LEFT JOIN poids p ON p.code_insee = m.code GROUP BY m.scope
)
SELECT y.scope, y.annee, y.sources, round(coalesce(y.loues / nullif(a.loues, 0), 0) * a.connus, 6) AS part, y.segment,
       round(y.pondere / y.loues, 6) AS loyer, NULL::numeric AS bas, NULL::numeric AS haut, NULL::text AS type_prediction,
       NULL::bigint AS annonces, NULL::numeric AS r2
FROM moyennes y JOIN attendus a USING (scope)
WHERE y.loues > 0
UNION ALL
SELECT p.scope, l.annee, ARRAY[l.source_id], 1, l.segment, l.loyer_m2, l.borne_basse, l.borne_haute, l.type_prediction,
       l.nb_obs_commune::bigint, l.r2
FROM (SELECT scope, code FROM membres WHERE scope = 'com' UNION ALL SELECT 'sim', unnest($3::text[])) p
JOIN data.anil_loyers l ON l.code_insee = p.code JOIN derniere USING (annee)
ORDER BY scope, segment
